import { describe, expect, it } from 'vitest';
import { noScores, type PassageQuality, type QualityScores } from '../sessions/quality.ts';
import { feedbackStats } from './feedback-stats.ts';
import { QualityBoard, type QualityBoardHooks } from './quality-board.ts';

const V1 = 'tiny@00000001';
const V2 = 'tiny@00000002';
type Change = Parameters<QualityBoardHooks['onDrift']>[0];

function setup() {
  const changes: Change[] = [];
  const board = new QualityBoard({ onDrift: (change) => changes.push(change) });
  let passages = 0;
  const quality = (scores: Partial<QualityScores>, of: Partial<PassageQuality> = {}): PassageQuality => ({
    sessionId: 's1',
    passageId: `p${(passages += 1)}`,
    alternativeId: 'a1',
    authorKind: 'narrator',
    version: V1,
    at: passages,
    scores: { ...noScores(), ...scores },
    methods: {},
    thresholdVersion: 'en-1',
    below: [],
    voice: [],
    ...of,
  });
  return { board, changes, quality };
}

describe('the board of narrator versions', () => {
  it('J7: tells means by version, the current one first, and nothing of what people wrote', () => {
    const { board, quality } = setup();
    board.take(quality({ narrative_coherence: 0.8, diversity: 1 }), false);
    const second = quality({ narrative_coherence: 0.9 });
    board.take(second, false);
    board.take({ ...second, scores: { ...second.scores, judge_voice: 0.5 } }, true);
    board.take(quality({ narrative_coherence: 0.1 }, { version: V2 }), false);
    board.take(quality({ narrative_coherence: 0 }, { authorKind: 'player', version: null }), false);
    const versions = board.versions(V1, []);
    expect(versions).toMatchObject([
      {
        version: V1,
        model: 'tiny',
        isCurrent: true,
        passages: 2,
        quality: { diversity: 1, judge_voice: 0.5 },
      },
      { version: V2, model: 'tiny', isCurrent: false, passages: 1, quality: { narrative_coherence: 0.1 } },
    ]);
    expect(versions[0]!.quality.narrative_coherence).toBeCloseTo(0.85, 12);
    expect(versions[0]!.quality.judge_coherence).toBeNull();
    expect(versions[0]!.drift.narrative_coherence).toBeNull();
  });

  it('F2: brings in what readers said, also of versions that have not written since the start', () => {
    const { board } = setup();
    const sum = { type: 'broke_story', count: 3, comments: 1, ratings: 2, ratingSum: 5 } as const;
    const { versions } = feedbackStats([
      { ...sum, version: V1 },
      { ...sum, version: V1, type: 'positive', count: 1, ratings: 0, ratingSum: 0 },
      { ...sum, version: null },
    ]);
    expect(board.versions(V2, versions)).toMatchObject([
      { version: V2, isCurrent: true, passages: 0, feedback: { positive: 0, brokeStory: 0, rating: null } },
      { version: V1, isCurrent: false, feedback: { positive: 1, brokeStory: 3, rating: 2.5 } },
    ]);
    expect(board.versions(null, [])).toEqual([]);
  });

  it('J7: tells when a version gets worse, once a step, and when it is well again', () => {
    const { board, changes, quality } = setup();
    const write = (times: number, score: number) => {
      for (let at = 0; at < times; at += 1)
        board.take(quality({ narrative_coherence: score + ((at % 5) - 2) * 0.02 }), false);
    };
    write(400, 0.9);
    expect(changes).toEqual([]);
    expect(board.versions(V1, [])[0]!.drift.narrative_coherence).toMatchObject({ state: 0 });
    write(100, 0.7);
    expect(changes.at(-1)).toMatchObject({ metric: 'narrative_coherence', version: V1, after: 2 });
    expect(board.versions(V1, [])[0]!.drift.narrative_coherence).toMatchObject({ state: 2 });
    write(100, 0.9);
    expect(changes.at(-1)).toMatchObject({ after: 0 });
    for (const { before, after } of changes) expect(before).not.toBe(after);
    for (const [at, { before }] of changes.entries())
      expect(before).toBe(at === 0 ? 0 : changes[at - 1]!.after);
  });

  it('J7: learns no baseline from what was disliked or taken back', () => {
    const { board, quality } = setup();
    const disliked = quality({ diversity: 0.9 });
    const struck = quality({ diversity: 0.9 });
    board.take(disliked, false);
    board.take(struck, false);
    const feedback = {
      passageId: disliked.passageId,
      playerId: 'ann',
      type: 'broke_story',
      rating: 1,
    } as const;
    board.takeFeedback(feedback);
    board.exclude([struck.passageId]);
    const reading = () => board.versions(V1, [])[0]!.drift.diversity;
    for (let at = 0; at < 199; at += 1) board.take(quality({ diversity: 0.9 }), false);
    expect(reading()).toBeNull();
    board.take(quality({ diversity: 0.9 }), false);
    expect(reading()).toMatchObject({ state: 0, cusum: 0 });
  });

  it('J4: shows how well coherence agrees with what readers rate', () => {
    const { board, quality } = setup();
    const rate = (passageId: string, rating: number | null, playerId = 'ann') =>
      board.takeFeedback({ passageId, playerId, type: 'neutral', rating });
    for (let at = 0; at < 9; at += 1) {
      const one = quality({ narrative_coherence: at / 10 });
      board.take(one, false);
      rate(one.passageId, 5);
      rate(one.passageId, 1 + Math.floor(at / 2));
    }
    expect(board.agreement()).toEqual([
      { metric: 'narrative_coherence', pairs: 9, spearman: null },
      { metric: 'judge_coherence', pairs: 0, spearman: null },
    ]);
    const last = quality({ narrative_coherence: 1 });
    board.take(last, false);
    board.take({ ...last, scores: { ...last.scores, judge_coherence: 1 } }, true);
    rate(last.passageId, 5);
    rate('unknown', 1);
    const [fast, judge] = board.agreement();
    expect(fast!.pairs).toBe(10);
    expect(fast!.spearman).toBeGreaterThan(0.9);
    expect(judge!.pairs).toBe(1);
    rate(last.passageId, null);
    expect(board.agreement()[0]!.pairs).toBe(9);
  });

  it('J7: forgets versions that were not used for the longest time', () => {
    const { board, quality } = setup();
    for (let at = 0; at < 50; at += 1) board.take(quality({ diversity: 1 }, { version: `m@${at}` }), false);
    const names = board.versions(null, []).map(({ version }) => version);
    expect(names).toHaveLength(32);
    expect(names[0]).toBe('m@49');
  });
});
