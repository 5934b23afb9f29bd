import { afterEach, describe, expect, it } from 'vitest';
import { threeAtTheTable, type ThreeAtTheTable } from '../test/support/three-at-the-table.ts';
import { feedbackSchema } from './feedback.ts';
import type { Intervention, Issue, MonitorView } from './monitor-view.ts';
import type { PassageQuality } from './quality.ts';
import { standingOf } from './standing.ts';

const MINUTE_MS = 60_000;
const LOOK_MS = 15_000;
let seats: ThreeAtTheTable;
afterEach(() => seats.table.close());

async function seat(ben: 'writer' | 'spectator' = 'writer'): Promise<void> {
  seats = await threeAtTheTable({ ben });
}

async function pass(ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= LOOK_MS) {
    seats.table.clock.advance(Math.min(left, LOOK_MS));
    await seats.table.tick();
  }
}

const view = (): MonitorView => seats.session.monitorView();
const issues = (): Issue[] => view().issues.map(({ issue }) => issue);
const writes = (playerId: string, text: string): Promise<string> =>
  seats.table.passageOf(seats.session, playerId, text);
const many = (count: number, word = 'word'): string =>
  `${Array.from({ length: count }, () => word).join(' ')}.`;

async function rewrites(playerId: string, passageId: string, more: string): Promise<void> {
  const { table, session } = seats;
  const { draftId = '' } = await table.must(session, playerId, 'passage:reopen', { passageId });
  const writer = table.writer(session, playerId, `draft-${draftId}`);
  await table.exchange(writer);
  writer.type(0, more);
  await table.exchange(writer);
  writer.disconnect();
  await table.must(session, playerId, 'draft:commit', { draftId });
}

/** An answer of the server in the journal, as if it had been given at that time. */
function intervened(of: Pick<Intervention, 'at' | 'issue' | 'action'>): void {
  const intervention = { id: 'earlier', playerId: null, text: '', why: '', ...of };
  seats.session.kernel.record({ type: 'intervened', intervention }, null);
}

describe('texts that are written anew', () => {
  it('V2, V4: count once, with what they say now', async () => {
    await seat();
    const { ann, ben } = seats;
    await writes(
      ben,
      'The river was quiet and the storm was far from the boats of the old harbour that evening.',
    );
    const passageId = await writes(ann, `She took the lantern. ${many(30, 'lamp')}`);
    await pass(LOOK_MS);
    for (const more of ['Rusty. ', 'Heavy. ', 'Quietly. ']) await rewrites(ann, passageId, more);
    await pass(LOOK_MS);
    const rewritten = view().scores;
    await seats.table.restart();
    seats.session = await seats.table.sessions.open(seats.session.id);
    seats.table.control(seats.session, seats.owner);
    await pass(LOOK_MS);
    const { ideas_per_100_words, ideas_kept, synergy } = view().scores;
    expect(rewritten).toMatchObject({ ideas_per_100_words, ideas_kept, synergy });
  });

  it('V3: are no further turn of their author', async () => {
    await seat();
    const { ann, ben } = seats;
    seats.table.quality.answer = () => ({ narrative_coherence: 0.9 });
    await writes(ben, many(10));
    const passageId = await writes(ann, many(10));
    await pass(LOOK_MS);
    await rewrites(ann, passageId, 'Oh. ');
    await pass(LOOK_MS);
    expect(view().scores.coherence).toBeCloseTo(0.9);
    expect(view().scores.coherence_gap).toBeNull();
  });

  it('J1: words of people in a passage of the narrator are held against no version', async () => {
    await seat();
    const { owner, session, table } = seats;
    const passageId = await table.narratorPassage(session, owner, 'The lamp went out.');
    await rewrites(owner, passageId, 'Slowly. ');
    await pass(LOOK_MS);
    expect(table.quality.asked.map(({ authorKind }) => authorKind)).toEqual(['narrator', 'player']);
    expect(table.quality.asked.at(-1)!.version).toBeNull();
  });

  it('J4, G1: a verdict that comes when its passage is purged is told to nobody', async () => {
    await seat();
    const { owner, session, table } = seats;
    const told: PassageQuality[] = [];
    let come = (_quality: PassageQuality | null): void => undefined;
    table.quality.assessor.deepen = () => new Promise((resolve) => (come = resolve));
    table.observer.assessed = (...[quality, isDeeper]: unknown[]) => {
      if (isDeeper === true) told.push(quality as PassageQuality);
    };
    const passageId = await table.narratorPassage(session, owner, 'The lamp went out.');
    await table.tick();
    await table.must(session, owner, 'session:purge', { passageIds: [passageId] });
    come({ passageId, scores: {}, at: 0 } as unknown as PassageQuality);
    await table.tick();
    expect(told).toEqual([]);
  });

  it('V7: a passage that was struck no longer speaks for the voices of the cast', async () => {
    await seat();
    seats.table.quality.answer = () => ({ character_consistency: 0.3 });
    const passageId = await writes(seats.ann, many(10));
    await pass(LOOK_MS);
    expect(view().scores.voice).toBeCloseTo(0.3);
    await seats.table.must(seats.session, seats.ann, 'passage:strike', { passageId });
    await pass(2 * LOOK_MS);
    expect(view().scores.voice).toBeNull();
    expect(issues()).not.toContain('voice_break');
  });
});

describe('issues that are none', () => {
  it('V1, V7: who only watches, or is out by the open door, is no part of the balance', async () => {
    await seat('spectator');
    const { ann, owner, session, table } = seats;
    await table.must(session, owner, 'safety:signal', { signal: 'open-door' });
    for (let minute = 0; minute < 14; minute += 1) {
      await writes(ann, many(30));
      await pass(MINUTE_MS);
    }
    expect(view().scores.balance).toBeNull();
    expect(issues()).toEqual([]);
  });

  it('V9: the turn is never offered to the one who writes it all', async () => {
    await seat();
    const { ann, ben, owner, session } = seats;
    for (const playerId of [ben, owner]) {
      const standing = { ...standingOf(session.kernel.state, playerId), isReadOnly: true };
      session.kernel.record({ type: 'standing-changed', playerId, standing }, owner);
    }
    for (let minute = 0; minute < 14; minute += 1) {
      await writes(ann, many(30));
      await pass(MINUTE_MS);
    }
    expect(view().interventions).toMatchObject([
      { issue: 'dominated', action: 'tell_master', playerId: null },
    ]);
  });

  it('V7: only watchers are left: nothing has come to a halt', async () => {
    await seat('spectator');
    const { ann, gm, annControl } = seats;
    await writes(ann, many(10));
    gm.close(0, {} as never);
    annControl.close(0, {} as never);
    await pass(7 * MINUTE_MS);
    expect(issues()).toEqual([]);
  });

  it('V7: a game that was paused has five minutes again, and so has one that waited for the narrator', async () => {
    await seat();
    const { ann, owner, session, table } = seats;
    await writes(ann, many(10));
    await table.must(session, ann, 'safety:signal', { signal: 'pause' });
    await pass(20 * MINUTE_MS);
    session.kernel.record({ type: 'game-resumed' }, null);
    await pass(4 * MINUTE_MS);
    expect(issues()).toEqual([]);
    const { turnId = '' } = await table.must(session, owner, 'narrator:ask', {});
    table.narrator.begin(turnId);
    await pass(7 * MINUTE_MS);
    expect(issues()).toEqual([]);
  });

  it('V9: nothing is done when everybody has just left', async () => {
    await seat();
    const { ann, session, table } = seats;
    await pass(LOOK_MS);
    for (let turn = 0; turn < 3; turn += 1) {
      const draftId = await table.draftWith(session, ann, `All was HELD ${turn}.`);
      await table.must(session, ann, 'draft:commit', { draftId });
    }
    for (const control of [seats.gm, seats.annControl, seats.benControl]) control.close(0, {} as never);
    await pass(2 * LOOK_MS);
    expect(view()).toMatchObject({ health: 'green', issues: [], interventions: [] });
  });
});

describe('clocks that were set back', () => {
  it('V9: slow mode of the server still ends by itself', async () => {
    await seat();
    const { session, table } = seats;
    session.kernel.record({ type: 'slow-mode-changed', seconds: 15 }, null);
    intervened({ at: table.clock.now() + 400 * MINUTE_MS, issue: 'conflict_loop', action: 'slow_mode' });
    await pass(2 * LOOK_MS);
    expect(session.kernel.state.safety.slowSeconds).toBeNull();
  });

  it('V9: an issue is answered all the same, and once', async () => {
    await seat();
    intervened({ at: seats.table.clock.now() + 400 * MINUTE_MS, issue: 'stalled', action: 'recap' });
    await writes(seats.ann, many(10));
    await pass(7 * MINUTE_MS);
    expect(view().interventions.map(({ issue }) => issue)).toEqual(['stalled', 'stalled']);
  });
});

describe('what is kept', () => {
  it('V9: no name is in what is kept of an offered turn', async () => {
    await seat();
    const { ann, ben } = seats;
    await writes(ben, many(3));
    for (let minute = 0; minute < 14; minute += 1) {
      await writes(ann, many(30));
      await pass(MINUTE_MS);
    }
    expect(view().interventions).toMatchObject([{ action: 'offer_turn', playerId: seats.owner }]);
    expect(JSON.stringify(view().interventions)).not.toContain('Olga');
  });

  it('V8: a thread is reminded of once, and so many at most', async () => {
    await seat();
    const { owner, session, table } = seats;
    const remind = (threadId: string) => table.run(session, owner, 'thread:remind', { threadId });
    await remind('found:Marla');
    const { guidance } = session.kernel.state.safety;
    expect((await remind('found:Marla')).ok).toBe(true);
    expect(session.kernel.state.safety.guidance).toBe(guidance);
    for (let at = 0; at < 60; at += 1) await remind(`found:Name${at}`);
    expect(session.kernel.state.monitor.reminded.length).toBeLessThanOrEqual(50);
  });
});

describe('ratings', () => {
  const rate = (playerId: string, passageId: string, rating: number | null, comment = '') => {
    const alternativeId = seats.session.kernel.story.passage(passageId)!.alternatives[0]!.id;
    const input = feedbackSchema.parse({ passageId, alternativeId, type: 'positive', rating, comment });
    return seats.session.giveFeedback(playerId, input);
  };
  const figure = () => [view().ratings, view().scores.satisfaction];

  it('F1, F4: one that is given again after a restart, or taken back, counts as it is kept', async () => {
    await seat();
    const passageId = await seats.table.narratorPassage(seats.session, seats.ann, 'The lamp went out.');
    await seats.table.durable(rate(seats.ann, passageId, 1));
    await seats.table.restart();
    seats.session = await seats.table.sessions.open(seats.session.id);
    await seats.table.tick();
    await seats.table.durable(rate(seats.ann, passageId, 5));
    expect(figure()).toEqual([1, 45 / 11]);
    await seats.table.durable(rate(seats.ann, passageId, null));
    expect(figure()).toEqual([0, null]);
  });

  it('G1, F4: those of a purged passage no longer count', async () => {
    await seat();
    const { table, session, owner } = seats;
    const passageId = await table.narratorPassage(session, seats.ann, 'The lamp went out.');
    await table.durable(rate(seats.ann, passageId, 1));
    await table.must(session, owner, 'session:purge', { passageIds: [passageId] });
    for (let round = 0; view().ratings > 0 && round < 50; round += 1) await table.tick();
    expect(figure()).toEqual([0, null]);
  });

  it('G1, F1: words that were being judged or kept while their passage was purged leave no trace', async () => {
    await seat();
    const { table, session, owner, ann } = seats;
    const purged = async (passageId: string) =>
      table.must(session, owner, 'session:purge', { passageIds: [passageId] });
    const first = await table.narratorPassage(session, ann, 'The lamp went out.');
    const second = await table.narratorPassage(session, ann, 'The storm came.');
    const said = rate(ann, first, 3, 'Lovely.');
    const judging = session.purge({ by: owner, passageIds: [first], talkIds: [] });
    await table.durable(judging);
    expect(await table.durable(said)).toMatchObject({ code: 'PASSAGE_UNKNOWN' });
    const put = table.feedback.put.bind(table.feedback);
    table.feedback.put = async (feedback) => {
      await purged(second);
      for (let round = 0; round < 20; round += 1) await table.tick();
      await put(feedback);
    };
    expect(await table.durable(rate(ann, second, 3, 'Dark.'))).toMatchObject({ code: 'PASSAGE_UNKNOWN' });
    expect([...table.feedback.all.values()]).toEqual([]);
  });
});

describe('bytes', () => {
  const overhead = async (text: string): Promise<number> => {
    await seat();
    await seats.table.draftWith(seats.session, seats.ann, text);
    const { sync_overhead } = view().scores;
    await seats.table.close();
    return sync_overhead!;
  };

  it('V1: of a text in Chinese count as bytes, not as characters (D12)', async () => {
    const latin = await overhead('a'.repeat(300));
    const chinese = await overhead('\u4e2d'.repeat(300));
    expect(chinese).toBeLessThan(latin * 1.2);
    await seat();
  });
});
