import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { threeAtTheTable, type ThreeAtTheTable } from '../test/support/three-at-the-table.ts';
import { branchesOver, lineOf, MAIN_BRANCH, scenesOf, type Branch, type Scene } from './story-lines.ts';
import { Story } from './story.ts';

const branch = (id: string, parentId: string | null, fromPassageId: string | null): Branch => ({
  id,
  name: id,
  parentId,
  fromPassageId,
  by: 'o',
  at: 1,
});

describe('lines', () => {
  const main = branch(MAIN_BRANCH, null, null);
  const places = [
    { id: 'a', branchId: MAIN_BRANCH },
    { id: 'b', branchId: MAIN_BRANCH },
    { id: 'c', branchId: 'x' },
    { id: 'd', branchId: MAIN_BRANCH },
    { id: 'e', branchId: 'y' },
    { id: 'f', branchId: 'x' },
  ];

  it('B3: a branch shares the story up to a passage and goes its own way from there', () => {
    const branches = [
      main,
      branch('x', MAIN_BRANCH, 'a'),
      branch('y', 'x', 'c'),
      branch('z', MAIN_BRANCH, null),
    ];
    expect(lineOf(places, branches, MAIN_BRANCH)).toEqual(['a', 'b', 'd']);
    expect(lineOf(places, branches, 'x')).toEqual(['a', 'c', 'f']);
    expect(lineOf(places, branches, 'y')).toEqual(['a', 'c', 'e']);
    expect(lineOf(places, branches, 'z')).toEqual([]);
    expect(lineOf(places, branches, 'none')).toEqual([]);
  });

  it('B3: a branch that leaves a shared passage of its grandparent shares no more than that', () => {
    const branches = [main, branch('x', MAIN_BRANCH, 'b'), branch('y', 'x', 'a')];
    expect(lineOf(places, branches, 'y')).toEqual(['a', 'e']);
  });

  it('B3: any tree of branches: each line is in story order, begins with its parent up to the fork, and ends', () => {
    const tree = fc.array(fc.tuple(fc.nat(), fc.nat(), fc.integer({ min: 0, max: 4 })), { maxLength: 8 });
    fc.assert(
      fc.property(tree, (steps) => {
        const all: { id: string; branchId: string }[] = [];
        const branches = [main];
        for (const [at, from, count] of steps) {
          const parent = branches[at % branches.length]!;
          const line = lineOf(all, branches, parent.id);
          const fromPassageId = line.length === 0 ? null : line[from % line.length]!;
          const made = branch(`b${branches.length}`, parent.id, fromPassageId);
          const before = lineOf(all, branches, parent.id);
          branches.push(made);
          const own = Array.from({ length: count }, (_, index) => `${made.id}p${index}`);
          all.push(...own.map((id) => ({ id, branchId: made.id })));
          const fork = fromPassageId === null ? 0 : before.indexOf(fromPassageId) + 1;
          expect(lineOf(all, branches, made.id)).toEqual([...before.slice(0, fork), ...own]);
          expect(lineOf(all, branches, parent.id)).toEqual(before);
        }
      }),
    );
  });

  it('B3: of any tree of branches those that lead over some passages are found', () => {
    const steps = fc.array(fc.tuple(fc.nat(), fc.nat(), fc.integer({ min: 0, max: 3 })), { maxLength: 8 });
    fc.assert(
      fc.property(steps, fc.array(fc.nat(), { maxLength: 3 }), (made, picks) => {
        const story = new Story();
        for (const [at, from, count] of made) {
          const parentId = story.branches()[at % story.branches().length]!.id;
          const line = story.line(parentId);
          const id = `b${story.branches().length}`;
          const fork = line.length === 0 ? null : line[from % line.length]!;
          story.apply([
            { op: 'branch', branch: branch(id, parentId, fork) },
            { op: 'play', branchId: id },
          ]);
          const meta = { kind: 'player', by: 'a', turnId: 't', castId: null, createdAt: 1 } as const;
          for (let index = 0; index < count; index += 1)
            story.apply([
              { op: 'add', passageId: `${id}p${index}`, alternativeId: 'x', meta, spans: [], at: 1 },
            ]);
        }
        const all = story.passages().map(({ id }) => id);
        const wanted = new Set(picks.flatMap((pick) => all[pick % Math.max(1, all.length)] ?? []));
        const over = story.branches().filter(({ id }) => story.line(id).some((one) => wanted.has(one)));
        expect(branchesOver(story.doc, wanted)).toEqual(over);
      }),
      { numRuns: 50 },
    );
  });

  it('B3: scenes cut a line into runs that lose nothing', () => {
    const scene = (id: string, afterPassageId: string | null): Scene => ({
      id,
      title: id,
      branchId: MAIN_BRANCH,
      afterPassageId,
      by: 'o',
      at: 1,
    });
    expect(scenesOf(['a', 'b', 'c'], [scene('s', 'a')])).toEqual([
      { scene: null, passageIds: ['a'] },
      { scene: scene('s', 'a'), passageIds: ['b', 'c'] },
    ]);
    expect(scenesOf(['a'], [scene('s', null), scene('t', 'a')]).map(({ passageIds }) => passageIds)).toEqual([
      ['a'],
      [],
    ]);
    expect(scenesOf([], [])).toEqual([{ scene: null, passageIds: [] }]);
  });
});

describe('branches of a session', () => {
  let seats: ThreeAtTheTable;
  beforeEach(async () => {
    seats = await threeAtTheTable({});
  });
  afterEach(() => seats.table.close());
  const shown = () => seats.session.kernel.story.shownTexts(null).map(({ text }) => text);
  const write = (text: string) => seats.table.passageOf(seats.session, seats.ann, text);

  it('B3, B4: the table goes on differently, the narrator reads that line only, and going back loses nothing', async () => {
    const { table, session, owner, ann } = seats;
    const fork = await write('The door was shut.');
    await write('She knocked.');
    const draftId = await table.draftWith(session, seats.ben, 'Under way.');
    const { branchId = '' } = await table.must(session, owner, 'branch:create', {
      passageId: fork,
      name: 'Windows',
    });
    await write('She took the window.');
    expect(shown()).toEqual(['The door was shut.', 'She took the window.']);
    const { turnId = '' } = await table.must(session, owner, 'narrator:ask', {});
    const context = JSON.stringify(table.narrator.begin(turnId));
    expect(context).toContain('window');
    expect(context).not.toContain('knocked');
    await table.durable(table.narrator.say(turnId, 'Glass broke.'));
    await table.must(session, owner, 'branch:switch', { branchId: MAIN_BRANCH });
    expect(table.narrator.stopped).toContain(turnId);
    expect(shown()).toEqual(['The door was shut.', 'She knocked.']);
    await table.must(session, seats.ben, 'draft:commit', { draftId });
    expect(shown().at(-1)).toBe('Under way.');
    await table.must(session, owner, 'branch:switch', { branchId });
    expect(shown()).toEqual(['The door was shut.', 'She took the window.', 'Glass broke.']);
    expect(await table.run(session, ann, 'branch:switch', { branchId: MAIN_BRANCH })).toMatchObject({
      code: 'ROLE_FORBIDS',
    });
    expect(await table.run(session, owner, 'branch:switch', { branchId: 'none' })).toMatchObject({
      code: 'BRANCH_UNKNOWN',
    });
  });

  it('B5: checkpoints come by name, with each scene, each 25 passages, and when the story rests', async () => {
    const { table, session, owner } = seats;
    const kinds = () => session.kernel.state.history.checkpoints.map(({ kind }) => kind);
    for (let index = 0; index < 25; index += 1) await write(`Passage ${index}.`);
    expect(kinds()).toEqual(['regular']);
    await write('One more.');
    await table.must(session, owner, 'scene:begin', { title: 'Dusk' });
    await table.must(session, seats.ann, 'checkpoint:save', { name: 'Mine' });
    expect(kinds()).toEqual(['regular', 'scene', 'named']);
    await write('And another.');
    table.clock.advance(10 * 60_000);
    await table.tick();
    expect(kinds()).toEqual(['regular', 'scene', 'named', 'idle']);
    expect(session.kernel.story.scenes().map(({ title }) => title)).toEqual(['Dusk']);
  });

  it('B1: replaying the journal to any checkpoint gives the story as it stood', async () => {
    const { table, session, owner } = seats;
    const stood: [string, string][] = [];
    const keep = async (name: string) => {
      const { checkpointId = '' } = await table.must(session, owner, 'checkpoint:save', { name });
      stood.push([checkpointId, JSON.stringify(session.kernel.story.passages())]);
    };
    const first = await write('One.');
    await keep('a');
    const second = await table.narratorPassage(session, owner, 'Two, told.');
    await keep('b');
    await table.must(session, owner, 'passage:strike', { passageId: first });
    await table.must(session, owner, 'branch:create', { passageId: second, name: 'Other' });
    await write('Three.');
    await keep('c');
    for (const [checkpointId, was] of stood) {
      const { seq } = session.kernel.state.history.checkpoints.find(({ id }) => id === checkpointId)!;
      const past = await table.past.storyAt(session.id, { seq });
      expect(JSON.stringify(past?.passages)).toBe(was);
    }
    expect((await table.past.storyAt(session.id, { seq: session.kernel.journal.seq }))?.branchId).not.toBe(
      MAIN_BRANCH,
    );
  });

  it('B6: when somebody was last here is kept and told at their next visit', async () => {
    const { table, session, ann, annControl } = seats;
    expect(annControl.heard('session:welcome')[0]?.you.lastSeenAt).toBeNull();
    const at = table.clock.now();
    session.disconnect(annControl);
    await table.tick();
    table.clock.advance(5_000);
    const again = table.control(session, ann);
    await table.tick();
    expect(again.heard('session:welcome')[0]?.you.lastSeenAt).toBe(at);
  });
});
