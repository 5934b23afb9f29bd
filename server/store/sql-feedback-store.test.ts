import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FEEDBACK_TYPES, type Feedback } from '../../sessions/feedback.ts';
import { feedbackStats } from '../feedback-stats.ts';
import { openDatabase, type Database } from './database.ts';
import { SqlFeedbackStore } from './sql-feedback-store.ts';
import { SqlSessionStore } from './sql-session-store.ts';

const folder = mkdtempSync(join(tmpdir(), 'taleloom-feedback-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let files = 0;

const feedback = (of: Partial<Feedback> = {}): Feedback => ({
  sessionId: 's1',
  passageId: 'p1',
  alternativeId: 'a1',
  playerId: 'ann',
  at: 1_000,
  type: 'positive',
  rating: 5,
  comment: '',
  version: 'tiny@00000001',
  model: 'tiny',
  ...of,
});

const anyFeedback = fc.record({
  sessionId: fc.constantFrom('s1', 's2'),
  passageId: fc.constantFrom('p1', 'p2', 'p3'),
  alternativeId: fc.constantFrom('a1', 'a2'),
  playerId: fc.constantFrom('ann', 'bo'),
  at: fc.integer({ min: 0, max: 2 ** 45 }),
  type: fc.constantFrom(...FEEDBACK_TYPES),
  rating: fc.option(fc.integer({ min: 1, max: 5 }), { nil: null }),
  comment: fc.constantFrom('', 'So good!', 'Öde 🜁\n"quoted"'),
  version: fc.constantFrom('tiny@1', 'tiny@2', null),
  model: fc.constantFrom('tiny', null),
});

describe('the feedback store on SQLite', () => {
  let file: string;
  let database: Database;
  let store: SqlFeedbackStore;

  async function open(): Promise<void> {
    database = await openDatabase({ file, durability: 'process' });
    store = new SqlFeedbackStore(database);
  }
  beforeEach(async () => {
    file = join(folder, `${(files += 1)}`, 'story.sqlite');
    await open();
    const sessions = new SqlSessionStore(database, {});
    await sessions.create('s1', 1);
    await sessions.create('s2', 1);
  });
  afterEach(() => database.close());

  it('F1: a second opinion of the same player about the same text replaces the first', async () => {
    await store.put(feedback());
    await store.put(feedback({ at: 2_000, type: 'broke_story', rating: null, comment: 'Who is Bo?' }));
    expect(await store.ofPlayer('s1', 'ann')).toEqual([
      feedback({ at: 2_000, type: 'broke_story', rating: null, comment: 'Who is Bo?' }),
    ]);
    await store.put(feedback({ alternativeId: 'a2', rating: 2 }));
    await store.put(feedback({ playerId: 'bo', rating: 3 }));
    expect(await store.ofPlayer('s1', 'ann')).toHaveLength(2);
    expect(await store.ratings('s1')).toEqual({ count: 2, sum: 5 });
  });

  it('F2: is kept with version and model over a restart', async () => {
    await store.put(feedback({ comment: 'Öde 🜁\n"quoted"' }));
    await store.put(feedback({ passageId: 'p2', version: null, model: null, at: 3_000 }));
    await database.close();
    await open();
    expect(await store.ofPlayer('s1', 'ann')).toEqual([
      feedback({ passageId: 'p2', version: null, model: null, at: 3_000 }),
      feedback({ comment: 'Öde 🜁\n"quoted"' }),
    ]);
    expect(await store.ofPlayer('s1', 'bo')).toEqual([]);
    expect(await store.ofPlayer('s2', 'ann')).toEqual([]);
    expect(await store.ratings('s2')).toEqual({ count: 0, sum: 0 });
  });

  it('F2: behaves as a map from session, passage, text and player', async () => {
    let round = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(anyFeedback, { maxLength: 40 }), fc.nat(2 ** 45), async (all, since) => {
        round += 1;
        const sessions = new SqlSessionStore(database, {});
        const prefix = (id: string) => `${id}x${round}`;
        for (const id of ['s1', 's2']) await sessions.create(prefix(id), 1);
        await database.db.deleteFrom('feedback').execute();
        const kept = new Map<string, Feedback>();
        for (const one of all.map((entry) => ({ ...entry, sessionId: prefix(entry.sessionId) }))) {
          await store.put(one);
          kept.set([one.sessionId, one.passageId, one.alternativeId, one.playerId].join(), one);
        }
        const expected = [...kept.values()];
        const ratings = (of: Feedback[]) => of.flatMap(({ rating }) => rating ?? []);
        const sum = (of: number[]) => of.reduce((total, rating) => total + rating, 0);
        for (const id of ['s1', 's2'].map(prefix)) {
          const ofSession = ratings(expected.filter(({ sessionId }) => sessionId === id));
          expect(await store.ratings(id)).toEqual({ count: ofSession.length, sum: sum(ofSession) });
        }
        const { all: stats, versions } = feedbackStats(await store.sums(since));
        const recent = expected.filter(({ at }) => at >= since);
        expect(stats.count).toBe(recent.length);
        expect(stats.comments).toBe(recent.filter(({ comment }) => comment !== '').length);
        const rated = ratings(recent);
        expect(stats.satisfaction.value).toBeCloseTo((sum(rated) + 40) / (rated.length + 10), 9);
        for (const { version, count } of versions)
          expect(count).toBe(recent.filter((one) => one.version === version).length);
        expect(versions.reduce((total, { count }) => total + count, 0)).toBe(recent.length);
      }),
      { numRuns: 12 },
    );
  });

  it('F2: counts by version and type over a time', async () => {
    await store.put(feedback({ at: 999, rating: 1 }));
    await store.put(feedback({ passageId: 'p2', rating: 4, comment: 'Fine.' }));
    await store.put(feedback({ passageId: 'p3', rating: null }));
    await store.put(feedback({ passageId: 'p4', rating: 2, type: 'broke_story', comment: 'No.' }));
    await store.put(feedback({ passageId: 'p5', rating: 3, version: 'tiny@00000002' }));
    const { all, versions } = feedbackStats(await store.sums(1_000));
    const none = { count: 0, meanRating: null, comments: 0 };
    expect(all).toEqual({
      byType: {
        positive: { count: 3, meanRating: 3.5, comments: 1 },
        neutral: none,
        negative: none,
        broke_story: { count: 1, meanRating: 2, comments: 1 },
      },
      count: 4,
      comments: 2,
      meanRating: 3,
      satisfaction: { value: 49 / 13, ratings: 3, status: 'insufficient' },
    });
    expect(versions.map(({ version, count }) => [version, count])).toEqual([
      ['tiny@00000001', 3],
      ['tiny@00000002', 1],
    ]);
  });

  it('F2: what was said about a purged passage is gone, from the files too', async () => {
    const marker = 'unmistakable words about a passage';
    await store.put(feedback({ comment: marker }));
    await store.put(feedback({ passageId: 'p2', comment: 'kept' }));
    await store.put(feedback({ sessionId: 's2', comment: 'kept too' }));
    const isOnDisk = () =>
      readdirSync(join(file, '..')).some((name) => readFileSync(join(file, '..', name)).includes(marker));
    expect(isOnDisk()).toBe(true);
    await store.purge('s1', []);
    expect(isOnDisk()).toBe(true);
    await store.purge('s1', ['p1', 'p9']);
    expect(isOnDisk()).toBe(false);
    expect((await store.ofPlayer('s1', 'ann')).map(({ passageId }) => passageId)).toEqual(['p2']);
    expect(await store.ofPlayer('s2', 'ann')).toHaveLength(1);
  });

  it('F2: says so when nothing can be stored', async () => {
    await database.close();
    await expect(store.put(feedback())).rejects.toThrow();
  });
});
