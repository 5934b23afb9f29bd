import { describe, expect, it } from 'vitest';
import { CollabRun } from './collab-run.ts';

const RUNS = Number(process.env.RUNS ?? 400);
const STEPS = 300;
const BASE = process.env.SEED === undefined ? Date.now() % 1_000_000_000 : Number(process.env.SEED);
/** Games that fail when the bug they stand for comes back. */
const PAST: readonly (readonly [seed: number, what: string])[] = [
  [3, 'words typed offline were thrown away when a key was pressed before the sync was done'],
  [12, 'narrator turns of a session lost with the store were left behind'],
  [21, 'a late echo of a gone cursor closed its sender'],
];

async function play(seed: number): Promise<CollabRun> {
  const run = new CollabRun(seed);
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

describe('several players, broken lines, a dying server', () => {
  it(`D5: replicas agree, nothing acked is lost, spans name the true author (SEED=${BASE} RUNS=${RUNS})`, async () => {
    const counts: Record<string, number> = {};
    for (let index = 0; index < RUNS; index += 1) {
      const run = await play(BASE + index);
      for (const [what, count] of Object.entries(run.counts)) counts[what] = (counts[what] ?? 0) + count;
    }
    if (process.env.COUNTS !== undefined) console.log(counts);
    if (RUNS < 20) return;
    // The games were worth playing.
    for (const what of [
      'typed',
      'typed offline',
      'slow',
      'draft:commit ok',
      'passage:reopen ok',
      'turn:submit ok',
      'narrator:retry ok',
      'crash',
      'store failure',
      'unload',
      'closed 4404',
    ])
      expect(counts[what] ?? 0, what).toBeGreaterThan(0);
  });

  it.each(PAST)('D5: past failing seed %i: %s', async (seed) => {
    await play(seed);
  });
});
