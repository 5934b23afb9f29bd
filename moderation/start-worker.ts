import { Worker } from 'node:worker_threads';

/**
 * Starts a thread of this folder. `entry`: its file without an extension, as `new URL('./name', import.meta.url)`;
 * it is the compiled file in the product, and the source under a test runner.
 */
export function startWorker(name: string, entry: URL): Worker {
  if (!import.meta.url.endsWith('.ts')) return new Worker(new URL(`${entry.href}.js`), { name });
  // A worker of Node 20 does not take over the loader for TypeScript.
  const load = `import(${JSON.stringify(`${entry.href}.ts`)})`;
  const boot = `void import('tsx/esm/api').then(({ register }) => { register(); return ${load}; });`;
  return new Worker(boot, { name, eval: true, execArgv: [] });
}
