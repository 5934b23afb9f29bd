// Builds, runs all tests (or those named by extra arguments, as vitest takes them) and closes with the line
// `N passed, N failed`. Exit code 0 only if nothing failed.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run, tool } from './steps.mjs';

const PROJECTS = ['unit', 'integration', 'fuzz', 'browser'];

console.log('Testing Taleloom: build, then vitest');
const built = await run(process.execPath, ['scripts/build.mjs']);
if (built !== 0) {
  console.log('0 passed, 1 failed');
  process.exit(built);
}

const extra = process.argv.slice(2);
const projects = extra.includes('--project') ? [] : PROJECTS.flatMap((name) => ['--project', name]);
const folder = mkdtempSync(join(tmpdir(), 'taleloom-test-'));
const report = join(folder, 'report.json');
const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
const code = await run(process.execPath, [
  tool('vitest/vitest.mjs'),
  'run',
  '--passWithNoTests',
  ...projects,
  ...reporters,
  ...extra,
]);

/** Counts of the report; a test file that does not even load counts as one failure. */
function count() {
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

const { passed, failed, skipped } = count();
rmSync(folder, { recursive: true, force: true });
// Vitest also fails on errors outside of tests; they must not read as success.
const failures = code !== 0 && failed === 0 ? 1 : failed;
console.log(`${passed} passed, ${failures} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
process.exit(failures > 0 ? code || 1 : 0);
