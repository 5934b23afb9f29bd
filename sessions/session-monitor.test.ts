import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { threeAtTheTable, type ThreeAtTheTable } from '../test/support/three-at-the-table.ts';
import type { Intervention, Issue, MonitorView } from './monitor-view.ts';

const MINUTE_MS = 60_000;
const LOOK_MS = 15_000;
let seats: ThreeAtTheTable;
beforeEach(async () => {
  seats = await threeAtTheTable({});
});
afterEach(() => seats.table.close());

/** Time passes, and every timer that falls due runs in it. */
async function pass(ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= LOOK_MS) {
    seats.table.clock.advance(Math.min(left, LOOK_MS));
    await seats.table.tick();
  }
}

const view = (): MonitorView => seats.session.monitorView();
const issues = (): Issue[] => view().issues.map(({ issue }) => issue);
const done = (): Pick<Intervention, 'issue' | 'action'>[] =>
  view().interventions.map(({ issue, action }) => ({ issue, action }));
const toldOf = (kind: string, control = seats.annControl): string[] =>
  control.heard('session:noticed').flatMap((notice) => (notice.kind === kind ? [notice.text] : []));
const words = (count: number, word = 'word') => Array.from({ length: count }, () => word).join(' ');

/** Somebody writes so many words each so many minutes. */
async function writes(playerId: string, count: number, word?: string): Promise<string> {
  return seats.table.passageOf(seats.session, playerId, `${words(count, word)}.`);
}

/** A round in which everybody writes as much, for so many minutes. */
async function playHealthily(minutes: number): Promise<void> {
  const { owner, ann, ben } = seats;
  const people = [owner, ann, ben];
  for (let minute = 0; minute < minutes; minute += 1) {
    await writes(people[minute % 3]!, 12, ['lamp', 'river', 'storm'][minute % 3]);
    await pass(MINUTE_MS);
  }
}

describe('the monitor of a session', () => {
  it('V6, V7, V9: a healthy session is green, has no issue, and nothing is done about it', async () => {
    await playHealthily(21);
    expect(view()).toMatchObject({ health: 'green', reasons: [], issues: [], interventions: [] });
    expect(view().scores.balance).toBeGreaterThan(0.9);
    expect(view().scores.turn_taking).toBe(1);
    expect(toldOf('nudge')).toEqual([]);
    expect(toldOf('recap')).toEqual([]);
  });

  it('V1, V7, V9: when one person writes it all, the least heard is offered the turn, alone and once', async () => {
    const { ann, ben } = seats;
    await writes(ben, 3);
    for (let minute = 0; minute < 14; minute += 1) {
      await writes(ann, 30);
      await pass(MINUTE_MS);
    }
    expect(issues()).toEqual(['dominated']);
    expect(done()).toEqual([{ issue: 'dominated', action: 'offer_turn' }]);
    expect(view().interventions[0]!.why).toMatch(/One person wrote \d\d+ % of the words of 3/);
    expect(toldOf('nudge', seats.gm)).toHaveLength(1);
    expect(toldOf('nudge', seats.annControl)).toEqual([]);
    expect(toldOf('nudge', seats.benControl)).toEqual([]);
  });

  it('V7, V9: when nobody does anything for five minutes, all are told where they are, again only after ten more', async () => {
    await writes(seats.ann, 12, 'lighthouse');
    await pass(4 * MINUTE_MS);
    expect(issues()).toEqual([]);
    await pass(2 * MINUTE_MS);
    expect(issues()).toEqual(['stalled']);
    expect(toldOf('recap')).toEqual([expect.stringContaining('lighthouse')]);
    await pass(8 * MINUTE_MS);
    expect(toldOf('recap')).toHaveLength(1);
    await pass(3 * MINUTE_MS);
    expect(toldOf('recap')).toHaveLength(2);
  });

  it('V9: what is kept of an intervention has no words of the story', async () => {
    await writes(seats.ann, 12, 'lighthouse');
    await pass(6 * MINUTE_MS);
    expect(JSON.stringify(view().interventions)).not.toContain('lighthouse');
  });

  it('V3, V7, V9: authors who write different stories are nudged', async () => {
    const { owner, ann, table } = seats;
    const people: string[] = [];
    table.quality.answer = () => {
      const [before, now] = people.slice(-2);
      return { narrative_coherence: before === now ? 0.95 : 0.5 };
    };
    for (let turn = 0; turn < 24; turn += 1) {
      const who = [owner, owner, ann, ann][turn % 4]!;
      people.push(who);
      await writes(who, 10);
      await pass(LOOK_MS);
    }
    expect(issues()).toContain('diverging');
    expect(done()).toContainEqual({ issue: 'diverging', action: 'nudge' });
    expect(view().scores.coherence_gap).toBeCloseTo(0.45);
  });

  it('V7, V9: characters that do not sound like themselves are told to the game master, to nobody else', async () => {
    seats.table.quality.answer = () => ({ character_consistency: 0.3 });
    for (let turn = 0; turn < 10; turn += 1) {
      await writes([seats.ann, seats.ben, seats.owner][turn % 3]!, 10);
      await pass(LOOK_MS);
    }
    expect(issues()).toEqual(['voice_break']);
    expect(view().scores.voice).toBeCloseTo(0.3);
    expect(done()).toEqual([{ issue: 'voice_break', action: 'tell_master' }]);
    expect(toldOf('health', seats.gm)).toHaveLength(1);
    expect(toldOf('health', seats.annControl)).toEqual([]);
  });

  it('V5, V7, V9: three open conflicts over text switch slow mode on, and off again by itself', async () => {
    const { table, session, ann, ben, owner } = seats;
    for (const [writer, other] of [
      [ann, ben],
      [ben, owner],
      [owner, ann],
    ] as const) {
      const { draftId } = await table.must(session, writer, 'draft:open', {});
      const one = table.writer(session, writer, `draft-${draftId!}`);
      const two = table.writer(session, other, `draft-${draftId!}`);
      await table.exchange(one, two);
      one.type(0, 'The old lamp stood by the window.');
      await table.exchange(one, two);
      two.type(8, 'rusty ');
      await table.exchange(one, two);
    }
    expect(session.kernel.state.safety.slowSeconds).toBeNull();
    await pass(LOOK_MS);
    expect(issues()).toEqual(['conflict_loop']);
    expect(view().health).toBe('red');
    expect(done()).toEqual([{ issue: 'conflict_loop', action: 'slow_mode' }]);
    expect(session.kernel.state.safety.slowSeconds).toBe(15);
    await pass(2 * MINUTE_MS);
    expect(issues()).toEqual([]);
    expect(view().scores.conflict_resolution).toBe(1);
    await pass(9 * MINUTE_MS);
    expect(session.kernel.state.safety.slowSeconds).toBeNull();
  });

  it('V5: what is said to break the story is a conflict until a game master rules', async () => {
    const { table, session, owner, ann } = seats;
    const passageId = await table.narratorPassage(session, ann, 'The lamp had never been lit.');
    const alternativeId = session.kernel.story.passage(passageId)!.alternatives[0]!.id;
    const input = { passageId, alternativeId, type: 'broke_story' as const, rating: null, comment: '' };
    await table.durable(session.giveFeedback(ann, input));
    await pass(30_000);
    await table.must(session, owner, 'passage:strike', { passageId });
    await pass(2 * MINUTE_MS);
    expect(view().scores.conflict_seconds).toBeGreaterThanOrEqual(30);
    expect(view().scores.conflict_seconds).toBeLessThan(60);
  });

  it('V9: slow mode that a game master has changed since is theirs', async () => {
    const { table, session, owner } = seats;
    const intervention = {
      ...{ id: 'i', at: table.clock.now(), issue: 'conflict_loop' as const, action: 'slow_mode' as const },
      ...{ playerId: null, text: '', why: '' },
    };
    session.kernel.record({ type: 'slow-mode-changed', seconds: 15 }, null);
    session.kernel.record({ type: 'intervened', intervention }, null);
    await table.must(session, owner, 'session:slow', { seconds: 60 });
    await pass(12 * MINUTE_MS);
    expect(session.kernel.state.safety.slowSeconds).toBe(60);
  });

  it('V7, V9: a request that waits more than three times as long as usual is told to the game master', async () => {
    const { table, session, ann, ben } = seats;
    for (let turn = 0; turn < 5; turn += 1) {
      const { turnId = '' } = await table.must(session, ann, 'narrator:ask', { direction: `Now ${turn}` });
      table.clock.advance(2_000);
      table.narrator.begin(turnId);
      table.narrator.finish(turnId);
      await table.tick();
    }
    await table.must(session, ben, 'narrator:ask', {});
    await pass(30_000);
    expect(issues()).toEqual(['starved']);
    expect(done()).toEqual([{ issue: 'starved', action: 'tell_master' }]);
  });

  it('V7, V9: three held texts in ten minutes turn it red and are told to the game master', async () => {
    const { table, session, ann } = seats;
    for (let turn = 0; turn < 3; turn += 1) {
      const draftId = await table.draftWith(session, ann, `All was HELD ${turn}.`);
      await table.must(session, ann, 'draft:commit', { draftId });
    }
    await pass(LOOK_MS);
    expect(issues()).toEqual(['unsafe_streak']);
    expect(view().health).toBe('red');
    expect(done()).toEqual([{ issue: 'unsafe_streak', action: 'tell_master' }]);
    await pass(11 * MINUTE_MS);
    expect(issues()).not.toContain('unsafe_streak');
  });

  it('V9: nothing is done about a muted issue, and all is remembered after a restart', async () => {
    const { table, session, owner, ann } = seats;
    await table.must(session, owner, 'monitor:mute', { issue: 'stalled', minutes: 60 });
    await writes(ann, 12);
    await pass(8 * MINUTE_MS);
    expect(issues()).toEqual(['stalled']);
    expect(done()).toEqual([]);
    await table.must(session, owner, 'monitor:mute', { issue: 'stalled', minutes: null });
    await writes(ann, 12);
    await pass(6 * MINUTE_MS);
    expect(done()).toEqual([{ issue: 'stalled', action: 'recap' }]);
    await table.restart();
    const again = await table.sessions.open(session.id);
    expect(again.monitorView().interventions).toHaveLength(1);
  });

  it('V9: no answer touches anybody\u2019s text', async () => {
    await writes(seats.ann, 12, 'lamp');
    const told = () => {
      const { passages, order } = seats.session.kernel.story.doc.toJSON() as Record<string, unknown>;
      return { passages, order };
    };
    const before = told();
    await pass(30 * MINUTE_MS);
    expect(view().interventions.length).toBeGreaterThan(1);
    expect(told()).toEqual(before);
  });

  it('V11: game masters get the figures by themselves, nobody else does, at most every two seconds', async () => {
    const { table, gm, annControl } = seats;
    expect(gm.heard('session:health').length).toBeGreaterThan(0);
    await table.passageOf(seats.session, seats.ann, 'A lamp.');
    table.clock.advance(2_500);
    await table.tick();
    expect(gm.heard('session:health').at(-1)!.people[0]).toMatchObject({
      author: seats.ann,
      words: 2,
      turns: 1,
    });
    const before = gm.heard('session:health').length;
    for (let turn = 0; turn < 5; turn += 1)
      await table.must(seats.session, seats.ann, 'talk:say', { text: 'Hi' });
    expect(gm.heard('session:health').length - before).toBeLessThanOrEqual(1);
    expect(annControl.heard('session:health')).toEqual([]);
  });

  it('V8: threads that people make are kept, marked, and told to the narrator once', async () => {
    const { table, session, owner, ann } = seats;
    const { threadId = '' } = await table.must(session, owner, 'thread:add', { title: 'The stolen key' });
    for (let turn = 0; turn < 9; turn += 1) await writes(ann, 10, 'lamp');
    await pass(MINUTE_MS);
    expect(view().threads[0]).toMatchObject({ id: threadId, title: 'The stolen key', status: 'dormant' });
    await table.must(session, owner, 'thread:remind', { threadId });
    expect(view().threads[0]!.isReminded).toBe(true);
    const { turnId = '' } = await table.must(session, owner, 'narrator:ask', {});
    expect(table.narrator.begin(turnId)!.guidance).toContain('The stolen key');
    table.narrator.finish(turnId, 'stopped');
    await table.tick();
    expect(view().threads[0]!.isReminded).toBe(false);
    await table.must(session, owner, 'thread:mark', { threadId, status: 'resolved' });
    expect(view().threads[0]!.status).toBe('resolved');
    expect((await table.run(session, ann, 'thread:add', { title: 'No' })).ok).toBe(false);
  });

  it('J1: a passage is measured once it is durable, against those before it', async () => {
    const { ann, table } = seats;
    for (let turn = 0; turn < 5; turn += 1) await writes(ann, 3, `n${turn}`);
    await pass(LOOK_MS);
    expect(table.quality.asked.map(({ previous }) => previous.length)).toEqual([0, 1, 2, 3, 4]);
    expect(table.quality.asked.at(-1)!.text).toContain('n4');
  });

  it('J6: a session whose scores stay low alerts once in ten minutes', async () => {
    seats.table.quality.answer = () => ({ narrative_coherence: 0.4 });
    for (let turn = 0; turn < 12; turn += 1) {
      await writes([seats.ann, seats.ben, seats.owner][turn % 3]!, 10);
      await pass(MINUTE_MS / 2);
    }
    expect(seats.table.observer.alerts).toEqual(['narrative_coherence']);
    expect(view().reasons).toMatchObject([{ level: 'yellow', about: 'narrative_coherence' }]);
  });

  it('V10: a struck passage counts for nobody any more', async () => {
    const { ann, ben, table, session } = seats;
    const passageId = await writes(ann, 90);
    await writes(ben, 10);
    await pass(LOOK_MS);
    const share = () => view().people.find(({ author }) => author === ann)!.words;
    expect(share()).toBe(90);
    await table.must(session, ann, 'passage:strike', { passageId });
    await pass(LOOK_MS);
    expect(share()).toBe(0);
  });
});
