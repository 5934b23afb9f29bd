#!/usr/bin/env node
// `taleloom audit ...`: verifies and exports the audit log. `taleloom start`: runs the server.
import { spawnSync } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(realpathSync(fileURLToPath(import.meta.url))), '..');
const [command, ...rest] = process.argv.slice(2);

const USAGE = `Usage:
  taleloom start              runs the server, see README.md
  taleloom audit verify ...   proves that the audit log, or a file from it, was not changed
  taleloom audit export ...   writes such a file
See docs/audit.md.`;

/** Runs a program with our own input and output; answers its exit code. */
function run(args, options = {}) {
  const { status } = spawnSync(process.execPath, args, { stdio: 'inherit', ...options });
  return status ?? 1;
}

function audit() {
  const entry = join(root, 'dist', 'server', 'audit-cli.js');
  if (!existsSync(entry)) {
    const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
    const built = run([compiler, '-p', 'tsconfig.server.json'], { cwd: root });
    if (built !== 0) return 2;
  }
  return run(['--enable-source-maps', entry, ...rest]);
}

if (command === 'start') process.exit(run([join(root, 'scripts', 'start.mjs'), ...rest]));
if (command === 'audit') process.exit(audit());
console.error(USAGE);
process.exit(2);
