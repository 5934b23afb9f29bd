// `npm run model -- list|pull|test`: runs the compiled command, building it first when it is missing.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const entry = join(root, 'dist', 'narrator', 'model-cli.js');
const inherit = { cwd: root, stdio: 'inherit' };

if (!existsSync(entry)) {
  const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  const built = spawnSync(process.execPath, [compiler, '-p', 'tsconfig.server.json'], inherit);
  if (built.status !== 0) process.exit(built.status ?? 1);
}
const { status } = spawnSync(
  process.execPath,
  ['--enable-source-maps', entry, ...process.argv.slice(2)],
  inherit,
);
process.exit(status ?? 1);
