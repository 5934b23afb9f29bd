import { describe, expect, it } from 'vitest';
import { SeededRandom } from '../test/support/seeded-random.ts';
import { exportArchive } from './archive-export.ts';
import { archiveSchema, type Archive } from './archive-shape.ts';
import { importArchive, parseArchive } from './archive.ts';
import { AppError } from './errors.ts';
import { LIMITS } from './limits.ts';
import { newSession } from './new-session.ts';
import { createSessionSchema } from './protocol.ts';
import type { SessionState } from './state.ts';
import { NARRATOR } from './story-shape.ts';
import { Story } from './story.ts';

const NOW = 1_790_000_000_000;

/** A session with two passages of players, one of the narrator with three alternatives, one struck. */
function played(): { state: SessionState; story: Story } {
  const input = createSessionSchema.parse({
    title: 'The *lamp*',
    premise: 'A lamp that remembers.',
    ownerName: 'Olga',
    cast: [{ name: 'Ida', description: 'keeper' }],
    turnMode: 'ordered',
    timerSeconds: 60,
    rating: 'mature',
    draftVisibility: 'private',
    autoCommitIdleMs: 5_000,
  });
  const random = new SeededRandom(3);
  const { state } = newSession(input, { sessionId: 's1', identityHash: 'owner-hash', now: NOW, random });
  const ownerId = Object.keys(state.players)[0]!;
  const ann = { ...state.players[ownerId]!, id: 'ann1', name: 'Ann', role: 'writer' as const, colour: 4 };
  const full: SessionState = {
    ...state,
    players: { ...state.players, [ann.id]: { ...ann, recoveryHash: null } },
    talk: [{ id: 'k1', by: 'ann1', at: NOW, text: 'Hello' }],
  };
  const story = new Story();
  const meta = { kind: 'player' as const, by: ownerId, turnId: 't1', castId: null, createdAt: NOW };
  const told = {
    kind: 'narrator' as const,
    by: NARRATOR,
    turnId: 't2',
    castId: state.cast[0]!.id,
    createdAt: NOW,
  };
  const spans = [
    { author: ownerId, text: 'One ' },
    { author: 'ann1', text: 'two.' },
  ];
  story.apply([{ op: 'add', passageId: 'p1', alternativeId: 'a1', meta, spans, at: NOW }]);
  for (const alternativeId of ['n1', 'n2', 'n3']) {
    story.apply([
      { op: 'begin', passageId: 'p2', alternativeId, meta: told, info: {}, at: NOW },
      {
        op: 'append',
        passageId: 'p2',
        alternativeId,
        span: { author: NARRATOR, text: `Told ${alternativeId}.` },
      },
      {
        op: 'end',
        passageId: 'p2',
        alternativeId,
        info: { model: 'm', direction: 'storm', finish: 'end', castId: told.castId },
      },
    ]);
  }
  story.apply([
    { op: 'choose', passageId: 'p2', alternativeId: 'n2' },
    {
      op: 'add',
      passageId: 'p3',
      alternativeId: 'a3',
      meta,
      spans: [{ author: 'ann1', text: 'Gone' }],
      at: NOW,
    },
    { op: 'mark', passageId: 'p3', state: 'struck' },
  ]);
  return { state: full, story };
}

function archived(): Archive {
  const { state, story } = played();
  return exportArchive({ state, story: story.doc, now: NOW });
}

/** The archive as a file would bring it, changed by the test. */
function broken(change: (archive: Record<string, never> & Archive) => void): unknown {
  const archive = JSON.parse(JSON.stringify(archived())) as Record<string, never> & Archive;
  change(archive);
  return archive;
}

const importOf = (archive: Archive) =>
  importArchive(archive, {
    sessionId: 's2',
    identityHash: 'importer',
    ownerName: 'Ivo',
    now: NOW + 1_000,
    random: new SeededRandom(9),
  });

describe('archive', () => {
  it('X1: an archive has no secrets, identities or invites', () => {
    const { state } = played();
    const json = JSON.stringify(archived());
    const hashes = [
      ...Object.values(state.invites).map((invite) => invite.secretHash),
      ...Object.values(state.players).flatMap((player) => [player.identityHash, player.recoveryHash]),
    ];
    for (const hash of hashes) if (hash !== null) expect(json).not.toContain(hash);
    expect(json).not.toContain('tenantId');
  });

  it('X2: an imported session has the same passages, alternatives, authors, states and settings', () => {
    const { state, story } = played();
    const imported = importOf(parseArchive(JSON.parse(JSON.stringify(archived()))));
    const copy = new Story();
    copy.load(imported.story);
    expect(copy.passages()).toEqual(story.passages());
    expect(imported.state.settings).toEqual(state.settings);
    expect(imported.state.turn).toMatchObject({ mode: 'ordered', timerSeconds: 60 });
    expect(imported.state.cast.map(({ name, id }) => [name, id])).toEqual(
      state.cast.map(({ name, id }) => [name, id]),
    );
    expect(imported.state.talk.map((line) => line.text)).toEqual(['Hello']);
    const again = exportArchive({ state: imported.state, story: copy.doc, now: NOW });
    expect(again.passages).toEqual(archived().passages);
    expect(archiveSchema.parse(JSON.parse(JSON.stringify(again)))).toEqual(again);
  });

  it('X2: the importer owns the session; former players stay as authors who are gone', () => {
    const { state } = importOf(archived());
    const active = Object.values(state.players).filter((player) => !player.isGone);
    expect(active.map(({ name, role }) => [name, role])).toEqual([['Ivo', 'owner']]);
    expect(state.turn).toMatchObject({ order: [active[0]!.id], current: active[0]!.id });
    expect(state.players.ann1).toMatchObject({ name: 'Ann', colour: 4, isGone: true, identityHash: null });
  });

  it('X3: damaged archives are refused, and the fault is named', () => {
    const faults: [string, unknown][] = [
      ['', null],
      ['', 'text'],
      ['format', broken((a) => Object.assign(a, { format: 'zip' }))],
      ['version', broken((a) => Object.assign(a, { version: 2 }))],
      ['passages.0.id', broken((a) => Object.assign(a.passages[0]!, { id: '../../etc' }))],
      ['passages.1.alternatives', broken((a) => Object.assign(a.passages[1]!, { alternatives: [] }))],
      [
        'passages.0.alternatives.0.spans.0.author',
        broken((a) => Object.assign(a.passages[0]!.alternatives[0]!.spans[0]!, { author: '<b>' })),
      ],
      ['passages.0.chosen', broken((a) => Object.assign(a.passages[0]!, { chosen: 7 }))],
      ['passages.1.id', broken((a) => Object.assign(a.passages[1]!, { id: 'p1' }))],
      [
        'passages.1.alternatives.1.id',
        broken((a) => Object.assign(a.passages[1]!.alternatives[1]!, { id: 'n1' })),
      ],
      ['players.1.id', broken((a) => Object.assign(a.players[1]!, { id: a.players[0]!.id }))],
      ['cast.1.id', broken((a) => a.cast.push({ ...a.cast[0]! }))],
      ['players.0.id', broken((a) => Object.assign(a.players[0]!, { id: NARRATOR }))],
      ['session.title', broken((a) => Object.assign(a.session, { title: '' }))],
      [
        'passages',
        broken((a) =>
          Object.assign(a, {
            passages: Array.from({ length: LIMITS.passages + 1 }, (_, n) => ({
              ...a.passages[0],
              id: `x${n}`,
            })),
          }),
        ),
      ],
    ];
    for (const [path, archive] of faults) {
      let caught: unknown = null;
      try {
        parseArchive(archive);
      } catch (error) {
        caught = error;
      }
      expect(caught, `fault at ${path}`).toBeInstanceOf(AppError);
      expect(caught).toMatchObject({ code: 'ARCHIVE_INVALID' });
      expect((caught as AppError).detail?.split(':')[0]).toBe(path);
    }
  });

  it('X3: an alternative longer than a passage may be is refused', () => {
    const spans = Array.from({ length: 3 }, () => ({ author: 'ann1', text: 'x'.repeat(9_000) }));
    const long = broken((a) => Object.assign(a.passages[0]!.alternatives[0]!, { spans }));
    expect(() => parseArchive(long)).toThrow('ARCHIVE_INVALID');
  });

  it('W11: text of an archive is cleaned like text of players', () => {
    const dirty = parseArchive(
      broken((a) => {
        a.players[1]!.name = 'An\u202en';
        a.cast[0]!.description = 'keep\u200ber\r\nof';
        a.talk[0]!.text = 'Hel\u202elo';
        a.passages[0]!.alternatives[0]!.spans[0]!.text = 'e\u0301\r\n';
      }),
    );
    expect(dirty.players[1]!.name).toBe('Ann');
    expect(dirty.cast[0]!.description).toBe('keeper of');
    expect(dirty.talk[0]!.text).toBe('Hello');
    expect(dirty.passages[0]!.alternatives[0]!.spans[0]!.text).toBe('é\n');
  });

  it('X3: hostile archives are refused or imported in bounded time', () => {
    const startedAt = performance.now();
    const many = { author: 'ann1', text: 'x' };
    const spans = Array.from({ length: 10_000 }, () => many);
    const wide = broken((a) => Object.assign(a.passages[0]!.alternatives[0]!, { spans }));
    importOf(parseArchive(wide));
    let deep: unknown = 1;
    for (let level = 0; level < 5_000; level += 1) deep = [deep];
    expect(() => parseArchive(deep)).toThrow('ARCHIVE_INVALID');
    expect(() => parseArchive({ ...archived(), passages: deep })).toThrow('ARCHIVE_INVALID');
    expect(performance.now() - startedAt).toBeLessThan(5_000);
  });
});
