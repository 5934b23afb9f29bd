// Proves that the properties of the fair queue see faults: plants one after the other, as the files are loaded and
// never on disk, and expects a test to fail. Prints which one did; exit code 1 if any fault goes unseen.
// Words as arguments choose mutants by name.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startVitest } from 'vitest/node';
import { MUTANTS } from './queue-mutant-list.mjs';

const ROOT = join(import.meta.dirname, '..');
/** Seeds and traces of each property; the next ones only if the ones before saw nothing. */
const ROUNDS = [
  { SEED: '1', RUNS: '8' },
  { SEED: '2', RUNS: '50' },
  { SEED: '3', RUNS: '200' },
];

/** The source with its fault; throws when the place is not there exactly once. */
function mutate({ name, file, find, replace }) {
  const parts = readFileSync(join(ROOT, file), 'utf8').split(find);
  if (parts.length !== 2) throw new Error(`${name}: found ${parts.length - 1} times in ${file}: ${find}`);
  return parts.join(replace);
}

/** Runs the suite with a fault; the name of the first test that fails, or null. */
async function firstKiller(mutant, env) {
  const path = join(ROOT, mutant.file);
  const plugin = {
    name: 'mutant',
    enforce: 'pre',
    transform: (code, id) => (id.split('?')[0] === path ? mutate(mutant) : code),
  };
  const options = {
    root: ROOT,
    config: false,
    watch: false,
    bail: 1,
    reporters: [{}],
    env: { ...env, SHRINK: 'no' },
  };
  const include = ['test/queue/fair-queue.test.ts'];
  const vitest = await startVitest(
    'test',
    [],
    { ...options, include, testTimeout: 120_000 },
    { plugins: [plugin] },
  );
  const tests = vitest.state.getTestModules().flatMap((module) => [...module.children.allTests()]);
  const failed = tests.find((test) => test.result().state === 'failed');
  // A loop without end takes the worker down.
  const isBroken = vitest.state.getUnhandledErrors().length > 0;
  await vitest.close();
  process.exitCode = 0;
  if (process.env.WHY !== undefined && failed !== undefined)
    console.log(failed.result().errors.map((error) => error.message));
  if (failed !== undefined || isBroken) return failed?.name ?? '(the run broke down)';
  if (!tests.some((test) => test.result().state === 'passed')) throw new Error(`${mutant.name}: no test ran`);
  return null;
}

const wanted = process.argv.slice(2);
const isWanted = ({ name }) => wanted.length === 0 || wanted.some((word) => name.includes(word));
const mutants = MUTANTS.filter(isWanted);
for (const mutant of mutants) mutate(mutant);
const started = Date.now();
let alive = 0;
for (const mutant of mutants) {
  let killer = null;
  for (const env of ROUNDS) {
    killer = await firstKiller(mutant, env);
    if (killer !== null) break;
  }
  if (killer === null) alive += 1;
  console.log(`${killer === null ? 'ALIVE ' : 'killed'}  ${mutant.name.padEnd(52)}  ${killer ?? ''}`);
}
console.log(
  `${mutants.length - alive} of ${mutants.length} seen, ${Math.round((Date.now() - started) / 1_000)} s`,
);
process.exit(alive > 0 ? 1 : 0);
