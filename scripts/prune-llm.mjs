// `npm run prune:llm`: removes the graphics variants of the language model engine and those for other machines
// (about 730 MB become about 85). `npm ci` brings them back; run it again after every install without a GPU.
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const folder = join(import.meta.dirname, '..', 'node_modules', '@node-llama-cpp');
const systems = { darwin: 'mac', linux: 'linux', win32: 'win' };
const architectures = { x64: 'x64', arm64: 'arm64', arm: 'armv7l' };
const mine = `${systems[process.platform] ?? process.platform}-${architectures[process.arch] ?? process.arch}`;
// On a Mac the graphics engine is the ordinary one.
const kept = new Set([mine, `${mine}-metal`]);

const variants = existsSync(folder) ? readdirSync(folder) : [];
if (!variants.some((name) => kept.has(name))) {
  console.error(`Nothing removed: there is no engine for ${mine} in ${folder}.`);
  process.exit(variants.length === 0 ? 0 : 1);
}
for (const name of variants.filter((variant) => !kept.has(variant))) {
  rmSync(join(folder, name), { recursive: true, force: true });
  console.log(`removed @node-llama-cpp/${name}`);
}
