import { describe, expect, it } from 'vitest';
import { CollabRun } from './collab-run.ts';
import { checkExport, checkPrompt, checkRollbacks } from './history-checks.ts';
import { HISTORY_STEPS, watchRollbacks } from './history-steps.ts';

const RUNS = Number(process.env.RUNS ?? 100);
const STEPS = 450;
const BASE = process.env.SEED === undefined ? Date.now() % 1_000_000_000 : Number(process.env.SEED);

async function play(seed: number): Promise<CollabRun> {
  const run = new CollabRun(seed, HISTORY_STEPS);
  run.isWordy = true;
  run.onPrompt = (context) => checkPrompt(run, context);
  run.atLoad = () => watchRollbacks(run);
  run.atRest = () => {
    checkExport(run);
    return checkRollbacks(run);
  };
  try {
    await run.play(STEPS);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const recent = run.trace.slice(-12).join(', ');
    throw new Error(
      `Repeat with SEED=${seed} RUNS=1: ${reason}\nafter ${run.trace.length} steps: ${recent}`,
      { cause },
    );
  }
  return run;
}

describe('history among several players, broken lines, a dying server', () => {
  it(`K6, K8: rollbacks are whole, exact and lose no typed word (SEED=${BASE} RUNS=${RUNS})`, async () => {
    const counts: Record<string, number> = {};
    for (let index = 0; index < RUNS; index += 1) {
      const run = await play(BASE + index);
      for (const [what, count] of Object.entries(run.counts)) counts[what] = (counts[what] ?? 0) + count;
    }
    if (process.env.COUNTS !== undefined) console.log(counts);
    if (RUNS < 20) return;
    // The games were worth playing.
    for (const what of [
      'rollback:execute ok',
      'rollbacks checked',
      'exactly undone',
      'kept words',
      'prompts searched',
      'exports searched',
      'branch:switch ok',
      'session:purge ok',
      'crash',
      'closed 4404',
    ])
      expect(counts[what] ?? 0, what).toBeGreaterThan(0);
  });
});
