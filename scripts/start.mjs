// Builds what has changed, then runs the server until it ends or is told to (SIGINT, SIGTERM).
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { root, run } from './steps.mjs';

const code = await run(process.execPath, ['scripts/build.mjs']);
if (code !== 0) process.exit(code);

console.log('Starting the server');
const entry = join(root, 'dist/server/main.js');
// A process group of its own: Ctrl+C in the terminal reaches the server once, through here, not twice.
const server = spawn(process.execPath, ['--enable-source-maps', entry, ...process.argv.slice(2)], {
  stdio: 'inherit',
  detached: true,
});

// Under npm the same Ctrl+C arrives from the terminal and from npm; a second one by hand comes later than that.
const SAME_KEY_PRESS_MS = 400;
let lastAt = -Infinity;
function pass(signal) {
  const now = performance.now();
  if (now - lastAt > SAME_KEY_PRESS_MS) server.kill(signal);
  lastAt = now;
}
process.on('SIGINT', () => pass('SIGINT'));
process.on('SIGTERM', () => pass('SIGTERM'));
process.on('SIGHUP', () => pass('SIGTERM'));

server.once('exit', (exitCode, signal) => {
  if (signal !== null) console.error(`The server was ended by ${signal}`);
  process.exit(exitCode ?? 1);
});
