// Builds, runs all tests (or those named by extra arguments, as vitest takes them) and closes with the line
// `N passed, N failed`. Exit code 0 only if nothing failed. The projects run one after the other: browsers and
// servers of one must not slow down those of another on a small machine.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run, tool } from './steps.mjs';

const PROJECTS = ['unit', 'integration', 'fuzz', 'browser'];
/** Test files at a time: while one waits for its server or browser, another one computes. */
const WORKERS = 2;

/** Counts of one report; a test file that does not even load counts as one failure. */
function count(report) {
  try {
    const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, testResults } = JSON.parse(
      readFileSync(report, 'utf8'),
    );
    const broken = testResults.filter((file) => {
      return file.status === 'failed' && file.assertionResults.every((test) => test.status !== 'failed');
    });
    const failed = numFailedTests + broken.length;
    return { passed: numPassedTests, failed, skipped: numPendingTests + numTodoTests };
  } catch {
    return { passed: 0, failed: 0, skipped: 0 };
  }
}

/** Runs one project and counts; errors outside of tests, and a run without a report, must not read as success. */
async function runProject(name, extra, folder) {
  const report = join(folder, `${name}.json`);
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const workers = `--maxWorkers=${WORKERS}`;
  const vitest = [tool('vitest/vitest.mjs'), 'run', '--passWithNoTests', '--project', name, workers];
  const code = await run(process.execPath, [...vitest, ...reporters, ...extra]);
  const counts = count(report);
  return code !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
}

console.log('Testing Taleloom: build, then vitest');
const built = await run(process.execPath, ['scripts/build.mjs']);
if (built !== 0) {
  console.log('0 passed, 1 failed');
  process.exit(built);
}

const folder = mkdtempSync(join(tmpdir(), 'taleloom-test-'));
const total = { passed: 0, failed: 0, skipped: 0 };
for (const name of PROJECTS) {
  console.log(`\nTests: ${name}`);
  const counts = await runProject(name, process.argv.slice(2), folder);
  for (const key of Object.keys(total)) total[key] += counts[key];
}
rmSync(folder, { recursive: true, force: true });
console.log(
  `${total.passed} passed, ${total.failed} failed${total.skipped > 0 ? `, ${total.skipped} skipped` : ''}`,
);
process.exit(total.failed > 0 ? 1 : 0);
