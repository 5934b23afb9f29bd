import { describe, expect, it } from 'vitest';
import type { SessionFact, TurnTiming } from '../sessions/facts.ts';
import { generationFact, narratorPassage } from '../test/support/session-facts.ts';
import { advise, TurnJournal } from './turn-journal.ts';

function timing(queueMs: number, prefillMs: number, decodeMs: number, postMs: number): TurnTiming {
  return { queueMs, prefillMs, decodeMs, postMs, totalMs: queueMs + prefillMs + decodeMs + postMs };
}

describe('Y6: advice for slow turns', () => {
  const rows: [what: string, of: TurnTiming, advice: RegExp[]][] = [
    ['fast, though it mostly waited', timing(9_000, 300, 500, 200), []],
    ['just at the limit', timing(9_999, 1, 0, 0), []],
    ['mostly waited', timing(9_000, 1_000, 1_000, 100), [/MODEL_PARALLEL/]],
    ['mostly read its prompt', timing(100, 9_000, 2_000, 100), [/MODEL_CONTEXT.*MODEL_RESIDENT/]],
    ['mostly wrote', timing(100, 1_000, 30_000, 100), [/quantised.*tokens/]],
    ['mostly screened and stored', timing(100, 500, 500, 12_000), [/MODERATION_JUDGE.*disk/]],
    ['exactly half is not most', timing(10_000, 10_000, 0, 0), []],
    ['nothing stands out', timing(6_000, 6_000, 6_000, 2_000), []],
  ];
  it.each(rows)('Y6: %s', (_what, of, advice) => {
    const given = advise(of);
    expect(given).toHaveLength(advice.length);
    for (const [index, words] of advice.entries()) expect(given[index]).toMatch(words);
  });
});

describe('Y6: the newest turns', () => {
  it('Y6: are told with their time and tokens, newest first, and those of one session', () => {
    const journal = new TurnJournal();
    const slow = { timing: timing(20_000, 1_000, 2_000, 10), reusedTokens: 50 };
    journal.take(narratorPassage({ sessionId: 's1', generation: generationFact({ turnId: 't1', ...slow }) }));
    const failed: SessionFact = {
      ...narratorPassage({ sessionId: 's2' }),
      kind: 'turn-ended',
      generation: generationFact({ turnId: 't2', outcome: 'failed', finish: null, sight: null }),
    };
    journal.take(failed);
    journal.take({ kind: 'join', sessionId: 's1', seq: 9, at: 9, playerId: 'p1' });
    const all = journal.list({ session: null, limit: 10 });
    expect(all.map(({ turn, outcome }) => [turn, outcome])).toEqual([
      ['t2', 'failed'],
      ['t1', 'committed'],
    ]);
    expect(all[0]).toMatchObject({ model: null, version: null, tokens: { in: 0, out: 0 } });
    expect(journal.list({ session: 's1', limit: 10 })).toEqual([
      {
        turn: 't1',
        session: 's1',
        at: expect.any(Number) as number,
        model: 'storyteller',
        version: 'v1',
        outcome: 'committed',
        ms: { queue: 20_000, prefill: 1_000, decode: 2_000, post: 10, total: 23_010 },
        tokens: { in: 120, reused: 50, out: 40 },
        advice: [expect.stringContaining('waited') as string],
      },
    ]);
    expect(journal.list({ session: null, limit: 1 })).toHaveLength(1);
  });

  it('Y6: are at most 500, and each counts once', () => {
    const journal = new TurnJournal();
    for (let n = 0; n < 600; n += 1)
      for (const _again of [1, 2])
        journal.take(narratorPassage({ generation: generationFact({ turnId: `t${n}` }) }));
    const turns = journal.list({ session: null, limit: 10_000 }).map(({ turn }) => turn);
    expect(turns).toHaveLength(500);
    expect(turns[0]).toBe('t599');
    expect(turns.at(-1)).toBe('t100');
  });
});
