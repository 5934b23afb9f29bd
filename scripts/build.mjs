// Builds dist/: the server by tsc, the web client by vite. A step without changes is skipped; --force does all.
import { rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isFresh, root, run, step, tool } from './steps.mjs';

const isForced = process.argv.includes('--force');
const settings = ['package.json', 'package-lock.json', 'tsconfig.base.json'];
const serverInputs = ['sessions', 'moderation', 'narrator', 'server', 'tsconfig.server.json', ...settings];
const clientInputs = ['client', 'sessions', ...settings];

console.log('Building Taleloom into dist/');

/** Runs a step unless its stamp is newer than its inputs. The stamp carries the time at which it began. */
async function build(what, { inputs, stamp, args }) {
  if (!isForced && isFresh(inputs, stamp)) return console.log(`${what}: nothing has changed`);
  const began = new Date();
  rmSync(join(root, stamp), { force: true });
  await step(what, () => run(process.execPath, args));
  writeFileSync(join(root, stamp), '');
  utimesSync(join(root, stamp), began, began);
}

await build('Server (tsc)', {
  inputs: serverInputs,
  stamp: 'dist/.server-built',
  args: [tool('typescript/bin/tsc'), '-p', 'tsconfig.server.json'],
});
await build('Web client (vite)', {
  inputs: clientInputs,
  stamp: 'dist/.client-built',
  args: [tool('vite/bin/vite.js'), 'build', '--config', 'client/vite.config.ts', '--logLevel', 'warn'],
});
