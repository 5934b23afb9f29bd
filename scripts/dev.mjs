// For work on Taleloom: rebuilds server and client on every change and restarts the server.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { root, run, tool } from './steps.mjs';

const code = await run(process.execPath, ['scripts/build.mjs']);
if (code !== 0) process.exit(code);

console.log('Watching: tsc, vite and the server. Ctrl+C ends all three.');
const start = (args) => spawn(process.execPath, args, { cwd: root, stdio: 'inherit' });
const children = [
  start([tool('typescript/bin/tsc'), '-p', 'tsconfig.server.json', '--watch', '--preserveWatchOutput']),
  start([
    tool('vite/bin/vite.js'),
    'build',
    '--watch',
    '--config',
    'client/vite.config.ts',
    '--logLevel',
    'warn',
  ]),
  start(['--watch', '--watch-preserve-output', '--enable-source-maps', join(root, 'dist/server/main.js')]),
];

function stop() {
  for (const child of children) child.kill('SIGTERM');
}
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, stop);
// The watchers never end by themselves: when one does, something is wrong with it.
for (const child of children) child.once('exit', stop);
