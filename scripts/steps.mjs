// What the other scripts share: announced steps, and whether a step has anything to do.
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../', import.meta.url));

/** Runs a program in the repository with our own input and output; gives its exit code (1 if killed). */
export function run(program, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: root, stdio: 'inherit', ...options });
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}

/** The entry file of a command line tool in node_modules; run it with `process.execPath`. */
export function tool(path) {
  return join(root, 'node_modules', path);
}

/** Newest change below files and folders, epoch ms; 0 if there is none. */
function newest(paths) {
  let time = 0;
  for (const path of paths) {
    const full = join(root, path);
    if (!existsSync(full)) continue;
    const entries = statSync(full).isDirectory()
      ? readdirSync(full, { recursive: true }).map((entry) => join(full, entry))
      : [];
    for (const entry of [full, ...entries]) {
      time = Math.max(time, statSync(entry, { throwIfNoEntry: false })?.mtimeMs ?? 0);
    }
  }
  return time;
}

/** Whether `output` is newer than all `inputs`. */
export function isFresh(inputs, output) {
  const file = join(root, output);
  return existsSync(file) && statSync(file).mtimeMs > newest(inputs);
}

/** Says what it does, does it, says how long it took; ends this program when it fails. */
export async function step(what, work) {
  console.log(`${what} ...`);
  const start = performance.now();
  const code = await work();
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  if (code !== 0) {
    console.error(`${what}: failed after ${seconds} s`);
    process.exit(code);
  }
  console.log(`${what}: done in ${seconds} s`);
}
