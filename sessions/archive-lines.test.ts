import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SeededRandom } from '../test/support/seeded-random.ts';
import { exportArchive } from './archive-export.ts';
import { archiveSchema, type Archive } from './archive-shape.ts';
import { importArchive, parseArchive } from './archive.ts';
import { AppError } from './errors.ts';
import type { Rollback } from './history-state.ts';
import { LIMITS } from './limits.ts';
import { memoryRecords, type MemoryItem } from './memory-shape.ts';
import { newSession } from './new-session.ts';
import { createSessionSchema } from './protocol.ts';
import type { SessionState } from './state.ts';
import { MAIN_BRANCH } from './story-lines.ts';
import { NARRATOR } from './story-shape.ts';
import { Story, type StoryChange } from './story.ts';

const NOW = 1_790_000_000_000;
const OF = { sessionId: 's2', identityHash: 'importer', ownerName: 'Ivo', now: NOW + 1_000 };

function add(passageId: string, text: string): StoryChange {
  const meta = { kind: 'narrator', by: NARRATOR, turnId: 't1', castId: null, createdAt: NOW } as const;
  const spans = [{ author: NARRATOR, text }];
  return { op: 'add', passageId, alternativeId: `${passageId}a`, meta, spans, at: NOW };
}

const fact = (id: string, text: string, ...sources: [string, string][]): MemoryItem => ({
  id,
  kind: 'fact',
  text,
  sources: sources.map(([passageId, revision]) => ({ passageId, revision })),
  isPinned: false,
  by: NARRATOR,
  at: NOW,
  span: null,
});

const ROLLBACK: Rollback = {
  id: 'r1',
  at: NOW,
  by: 'ann',
  scope: { kind: 'passage', passageId: 'p2' },
  reason: 'It was too much.',
  timing: 'now',
  summary: 'One passage went.',
  struck: ['p2'],
  restored: [],
  changed: [],
  restruck: [],
  branchId: null,
  undoneBy: null,
  playedOn: MAIN_BRANCH,
  beforeSeq: 77_001,
  disruption: 0.25,
};

/** Two branches, scenes, a rewritten passage, one that a rollback struck, one that is gone for good, and memory. */
function played(): { state: SessionState; story: Story } {
  const input = createSessionSchema.parse({ title: 'The lamp', ownerName: 'Olga' });
  const of = { sessionId: 's1', identityHash: 'owner', now: NOW, random: new SeededRandom(3) };
  const { state } = newSession(input, of);
  const checkpoint = { id: 'c1', kind: 'named', name: 'Here', seq: 77_002, at: NOW, by: 'ann' } as const;
  const history = {
    ...state.history,
    checkpoints: [{ ...checkpoint, branchId: MAIN_BRANCH, passageId: 'p1' }],
    rollbacks: [ROLLBACK],
  };
  const story = new Story();
  const spans = [{ author: NARRATOR, text: 'First, in other words.' }];
  story.apply([
    add('p1', 'First.'),
    { op: 'replace', passageId: 'p1', spans, at: NOW + 1 },
    { op: 'end', passageId: 'p1', alternativeId: 'p1a', info: { model: 'm', version: 'v1' } },
    add('p2', 'Struck by a rollback.'),
    { op: 'mark', passageId: 'p2', state: 'struck', rollbackId: 'r1' },
    add('p3', 'Gone for good.'),
    { op: 'purge', passageId: 'p3' },
    {
      op: 'scene',
      scene: { id: 'e1', title: 'Dusk', branchId: MAIN_BRANCH, afterPassageId: 'p1', by: 'ann', at: NOW },
    },
    {
      op: 'branch',
      branch: { id: 'b1', name: 'North', parentId: MAIN_BRANCH, fromPassageId: 'p1', by: 'ann', at: NOW },
    },
    { op: 'play', branchId: 'b1' },
    add('p4', 'In the north.'),
    {
      op: 'branch',
      branch: { id: 'b2', name: 'Empty', parentId: 'b1', fromPassageId: null, by: 'ann', at: NOW },
    },
    { op: 'remember', item: fact('m1', 'The lamp is lit.', ['p1', 'p1a.1']) },
    { op: 'remember', item: fact('m2', 'It was otherwise before.', ['p1', 'p1a.0']) },
    { op: 'remember', item: { ...fact('m3', 'Ann hates fog.'), isPinned: true, by: 'ann' } },
    { op: 'remember', item: { ...fact('m4', '', ['p4', 'p4a.0']), kind: 'summary', span: 'passages' } },
  ]);
  return { state: { ...state, history }, story };
}

/** With all that is optional. */
type FullArchive = { [K in keyof Archive]-?: NonNullable<Archive[K]> };

const archived = (): Archive => {
  const { state, story } = played();
  return exportArchive({ state, story: story.doc, now: NOW });
};

function imported(archive: Archive): { state: SessionState; story: Story } {
  const { state, story: data } = importArchive(archive, { ...OF, random: new SeededRandom(9) });
  const story = new Story();
  story.load(data);
  return { state, story };
}

const throughFile = (archive: Archive) => parseArchive(JSON.parse(JSON.stringify(archive)));

/** What `parseArchive` says about an archive that the test has changed; null: it takes it. */
function faultOf(change: (archive: FullArchive) => void): string | null {
  const archive = structuredClone(archived()) as FullArchive;
  change(archive);
  try {
    parseArchive(archive);
    return null;
  } catch (error) {
    expect(error).toBeInstanceOf(AppError);
    expect(error).toMatchObject({ code: 'ARCHIVE_INVALID' });
    return (error as AppError).detail?.split(':')[0] ?? '';
  }
}

describe('archives of stories with branches', () => {
  it('X5: branches, scenes, the branch in play and marks of passages come back', () => {
    const { story } = played();
    const copy = imported(throughFile(archived())).story;
    expect(copy.passages()).toEqual(story.passages());
    expect(copy.branches()).toEqual(story.branches());
    expect(copy.branchId()).toBe('b1');
    for (const branch of [MAIN_BRANCH, 'b1', 'b2']) expect(copy.line(branch)).toEqual(story.line(branch));
    expect(copy.scenes()).toEqual(story.scenes());
  });

  it('X2: exporting an imported session gives the same archive but for its own history', () => {
    const { state, story } = imported(throughFile(archived()));
    const again = exportArchive({ state, story: story.doc, now: NOW });
    const { passages, branches, branchId, scenes } = archived();
    expect(again).toMatchObject({ passages, branches, branchId, scenes });
    expect(again.timeline).toEqual({ checkpoints: [], rollbacks: [] });
    expect(archiveSchema.parse(JSON.parse(JSON.stringify(again)))).toEqual(again);
  });

  it('X5: checkpoints and rollbacks are told without positions in the journal', () => {
    const { timeline } = archived();
    expect(timeline?.checkpoints).toMatchObject([{ id: 'c1', name: 'Here', passageId: 'p1' }]);
    expect(timeline?.rollbacks).toMatchObject([{ id: 'r1', struck: ['p2'], reason: 'It was too much.' }]);
    expect(JSON.stringify(archived())).not.toMatch(/77001|77002|beforeSeq|"seq"/);
  });

  it('X1: what a rollback struck is kept and marked; what was removed for good has no text', () => {
    const [, second, third] = archived().passages;
    expect(second).toMatchObject({ state: 'struck', rollbackId: 'r1' });
    expect(second?.alternatives[0]?.spans).toEqual([{ author: NARRATOR, text: 'Struck by a rollback.' }]);
    expect(third).toMatchObject({ state: 'struck', isPurged: true, alternatives: [{ spans: [] }] });
    expect(JSON.stringify(archived())).not.toContain('Gone for good');
    const claimed = structuredClone(archived());
    claimed.passages[2]!.alternatives[0]!.spans = [{ author: NARRATOR, text: 'Back again.' }];
    expect(JSON.stringify(imported(parseArchive(claimed)).story.passages())).not.toContain('Back again');
  });

  it('X5: memory comes back where its sources are there as they were', () => {
    const { story } = imported(throughFile(archived()));
    expect(memoryRecords(story.doc).map(({ id }) => id)).toEqual(['m1', 'm3', 'm4']);
    expect(story.memory().map(({ text }) => text)).toEqual(['The lamp is lit.', 'Ann hates fog.']);
    expect(story.currentMemory().map(({ id }) => id)).toEqual(['m1', 'm3']);
  });

  it('X5: memory of a text does not count for later texts of an imported passage', () => {
    const { story } = imported(throughFile(archived()));
    story.apply([{ op: 'replace', passageId: 'p1', spans: [{ author: NARRATOR, text: 'New.' }] }]);
    expect(story.currentMemory().map(({ id }) => id)).toEqual(['m3']);
    expect(story.passage('p1')?.alternatives[0]?.edits).toBe(2);
  });

  it('X2: archives from before branches open as before', () => {
    const { branches: _b, branchId: _i, scenes: _s, memory: _m, timeline: _t, ...old } = archived();
    old.passages = old.passages.filter(({ branchId }) => branchId === undefined);
    const { story } = imported(throughFile(old));
    expect(story.branchId()).toBe(MAIN_BRANCH);
    expect(story.line()).toEqual(['p1', 'p2', 'p3']);
    expect(story.memory()).toEqual([]);
  });

  it('X3: the renamed main branch may come, and nothing that leads nowhere', () => {
    const branch = { id: MAIN_BRANCH, name: 'South', parentId: null, fromPassageId: null, by: '', at: 0 };
    expect(faultOf((a) => a.branches.unshift(branch))).toBeNull();
    const other = { ...branch, id: 'b3', by: 'ann' };
    const faults: [string, (archive: FullArchive) => void][] = [
      ['branches.2.parentId', (a) => a.branches.push(other)],
      ['branches.2.parentId', (a) => a.branches.push({ ...other, parentId: 'b9' })],
      ['branches.2.parentId', (a) => a.branches.push({ ...other, parentId: 'b3' })],
      ['branches.0.parentId', (a) => (a.branches[0]!.parentId = 'b2')],
      ['branches.2.parentId', (a) => a.branches.push({ ...branch, parentId: 'b1' })],
      ['branches.0.fromPassageId', (a) => (a.branches[0]!.fromPassageId = 'p99')],
      ['branches.1.id', (a) => (a.branches[1]!.id = 'b1')],
      ['branches.0.name', (a) => (a.branches[0]!.name = 'x'.repeat(LIMITS.titleLength + 1))],
      ['branches', (a) => (a.branches = Array.from({ length: 200 }, () => other))],
      ['branchId', (a) => (a.branchId = 'b9')],
      ['passages.0.branchId', (a) => (a.passages[0]!.branchId = 'b9')],
      ['passages.0.isPurged', (a) => (a.passages[0]!.isPurged = true)],
      ['passages.0.alternatives.0.edits', (a) => (a.passages[0]!.alternatives[0]!.edits = 1e9)],
      ['scenes.0.branchId', (a) => (a.scenes[0]!.branchId = 'b9')],
      ['scenes.0.afterPassageId', (a) => (a.scenes[0]!.afterPassageId = 'p99')],
      ['scenes', (a) => (a.scenes = Array.from({ length: LIMITS.scenes + 1 }, () => a.scenes[0]!))],
      ['memory.0.text', (a) => (a.memory[0]!.text = 'x'.repeat(LIMITS.memoryLength + 1))],
      ['memory.1.id', (a) => (a.memory[1]!.id = 'm1')],
      ['memory', (a) => (a.memory = Array.from({ length: LIMITS.memoryItems + 1 }, () => a.memory[0]!))],
      ['memory', (a) => a.memory.push(...manySources(a.memory[1]!))],
      ['timeline.checkpoints.0.at', (a) => (a.timeline.checkpoints[0]!.at = -1)],
      ['timeline.rollbacks.0.scope', (a) => Object.assign(a.timeline.rollbacks[0]!.scope, { kind: 'all' })],
      ['timeline.rollbacks', (a) => (a.timeline.rollbacks = manyRollbacks(a.timeline.rollbacks[0]!))],
    ];
    for (const [path, change] of faults) {
      const fault = faultOf((archive) => void change(archive));
      expect(fault?.startsWith(path), `${path}, was ${fault}`).toBe(true);
    }
  });

  it('X3: whatever is changed in an archive, it is refused or becomes a session whose archive is in order', () => {
    const paths = placesIn(archived());
    const junk = fc.constantFrom<unknown>(
      null,
      '',
      'main',
      'b2',
      'p4',
      -1,
      1.5,
      1e15,
      true,
      [],
      {},
      ['p1'],
      '__proto__',
    );
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom(...paths), junk), { minLength: 1, maxLength: 3 }),
        (changes) => {
          const archive = structuredClone(archived()) as unknown;
          for (const [path, value] of changes) setAt(archive, path, value);
          let parsed: Archive;
          try {
            parsed = parseArchive(archive);
          } catch (error) {
            expect(error).toMatchObject({ code: 'ARCHIVE_INVALID' });
            return;
          }
          const { state, story } = imported(parsed);
          const again = exportArchive({ state, story: story.doc, now: NOW });
          expect(imported(parseArchive(again)).story.passages()).toEqual(story.passages());
        },
      ),
      { numRuns: 300 },
    );
  });

  it('X3: an archive that its own server made is always taken back', () => {
    const { state, story } = played();
    story.apply(
      Array.from({ length: 600 }, (_, n): StoryChange => ({
        op: 'remember',
        item: fact(
          `x${n}`,
          'Known.',
          ...Array.from({ length: 100 }, (): [string, string] => ['p1', 'p1a.1']),
        ),
      })),
    );
    const rollbacks = manyRollbacks(ROLLBACK);
    const full = { ...state, history: { ...state.history, rollbacks } };
    const archive = exportArchive({ state: full, story: story.doc, now: NOW });
    expect(() => parseArchive(archive)).not.toThrow();
    expect(archive.timeline?.rollbacks.length).toBe(12);
    expect(archive.memory?.length).toBe(200);
  });
});

function manySources(item: NonNullable<Archive['memory']>[number]) {
  const sources = Array.from({ length: 4_999 }, () => ({ passageId: 'p1', revision: 'p1a.1' }));
  return Array.from({ length: 5 }, (_, n) => ({ ...item, id: `y${n}`, sources }));
}

function manyRollbacks<T extends { id: string; struck: string[] }>(rollback: T): T[] {
  const struck = Array.from({ length: 4_000 }, () => 'p1');
  return Array.from({ length: 20 }, (_, n) => ({ ...rollback, id: `z${n}`, struck }));
}

type Path = (string | number)[];

function placesIn(value: unknown, at: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [at];
  const inside = Object.entries(value).flatMap(([key, part]) => placesIn(part, [...at, key]));
  return at.length === 0 ? inside : [at, ...inside];
}

function setAt(value: unknown, path: Path, to: unknown): void {
  let at = value as Record<string, unknown> | null | undefined;
  for (const key of path.slice(0, -1)) {
    if (typeof at !== 'object' || at === null) return;
    at = at[key] as Record<string, unknown>;
  }
  if (typeof at === 'object' && at !== null) at[String(path.at(-1))] = to;
}
