import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { craftUpdate, type CraftedRun, type CraftedStruct } from '../test/support/crafted-update.ts';
import { checkUpdate, type UpdateCheck, type UpdateRules } from './authorship.ts';
import { LIMITS } from './limits.ts';
import { DRAFT_TEXT } from './story-shape.ts';

const ANN = 11;
const BEN = 22;
const NEW = 33;
const FOREIGN = 44;
const owners: Record<number, string> = { [ANN]: 'ann', [BEN]: 'ben' };

function docOf(client: number): Y.Doc {
  const doc = new Y.Doc();
  doc.clientID = client;
  return doc;
}

/** The server's copy of a draft: Ann typed "Anna ", Ben "Ben"; "na" of Ann's is deleted again. */
function draft(): Y.Doc {
  const doc = docOf(ANN);
  doc.getText(DRAFT_TEXT).insert(0, 'Anna ');
  doc.clientID = BEN;
  doc.getText(DRAFT_TEXT).insert(5, 'Ben');
  doc.getText(DRAFT_TEXT).delete(2, 2);
  return doc;
}

/** What a client with the id sends when it does that to a synced copy of the draft. */
function edit(server: Y.Doc, client: number, change: (text: Y.Text, doc: Y.Doc) => void): Uint8Array {
  const copy = new Y.Doc();
  Y.applyUpdate(copy, Y.encodeStateAsUpdate(server));
  copy.clientID = client;
  const before = Y.encodeStateVector(copy);
  change(copy.getText(DRAFT_TEXT), copy);
  return Y.encodeStateAsUpdate(copy, before);
}

function check(server: Y.Doc, update: Uint8Array, rules: Partial<UpdateRules> = {}): UpdateCheck {
  const before = Y.encodeStateAsUpdate(server);
  const verdict = checkUpdate(server, update, {
    playerId: 'ann',
    ownerOf: (client) => owners[client],
    mayWrite: true,
    mayDeleteForeign: false,
    ...rules,
  });
  expect(Y.encodeStateAsUpdate(server)).toEqual(before);
  return verdict;
}

const text = (value: string, more: Partial<CraftedStruct> = {}): CraftedStruct => ({
  content: ['text', value],
  ...more,
});
const run = (client: number, clock: number, ...structs: CraftedStruct[]): CraftedRun => ({
  client,
  clock,
  structs,
});
const refused = (fault: string) => ({ ok: false, fault });
const accepted = (newClients: number[] = []) => ({ ok: true, isKnown: false, newClients });
const known = { ok: true, isKnown: true, newClients: [] };

describe('checkUpdate', () => {
  it('A1: text under an id of the player, or under a new one from clock 0, is accepted', () => {
    const server = draft();
    expect(
      check(
        server,
        edit(server, ANN, (t) => t.insert(0, 'x')),
      ),
    ).toMatchObject(accepted());
    expect(
      check(
        server,
        edit(server, NEW, (t) => t.insert(0, 'x')),
      ),
    ).toMatchObject(accepted([NEW]));
  });

  it('A1: an id of somebody else is forged, also beside honest structs', () => {
    const server = draft();
    expect(
      check(
        server,
        edit(server, BEN, (t) => t.insert(0, 'x')),
      ),
    ).toEqual(refused('forged-client'));
    const mixed = edit(server, ANN, (t, doc) => {
      t.insert(0, 'x');
      doc.clientID = BEN;
      t.insert(0, 'y');
    });
    expect(check(server, mixed)).toEqual(refused('forged-client'));
    expect(
      check(
        server,
        edit(server, BEN, (t) => t.insert(0, 'x')),
        { mayDeleteForeign: true },
      ),
    ).toEqual(refused('forged-client'));
  });

  it('A1: an unowned id that the document has is forged, a new one that does not start at clock 0 is a gap', () => {
    expect(check(draft(), craftUpdate([run(NEW, 3, text('x'))]))).toEqual(refused('gap'));
    const server = draft();
    const verdict = check(
      server,
      edit(server, BEN, (t) => t.insert(0, 'x')),
      { ownerOf: () => undefined },
    );
    expect(verdict).toEqual(refused('forged-client'));
  });

  it('A2: a full resync, of all or of part of the document, is known', () => {
    const server = draft();
    for (const playerId of ['ann', 'ben', 'eve']) {
      expect(check(server, Y.encodeStateAsUpdate(server), { playerId })).toMatchObject(known);
    }
    expect(check(server, craftUpdate([run(ANN, 0, text('Anna '))]))).toMatchObject(known);
    expect(check(server, craftUpdate([]))).toMatchObject(known);
  });

  it('A2: a struct that is partly known counts for its new part alone', () => {
    const server = draft();
    expect(check(server, craftUpdate([run(ANN, 0, text('Anna and'))]))).toMatchObject(accepted());
    expect(check(server, craftUpdate([run(BEN, 0, text('Bennett', { origin: [ANN, 4] }))]))).toEqual(
      refused('forged-client'),
    );
  });

  it('A3: missing structs, skipped structs and unknown origins are gaps', () => {
    const server = draft();
    const at = { origin: [ANN, 4] as const };
    const gaps = [
      [run(ANN, 9, text('x', at))],
      [run(ANN, 5, { content: ['skip', 2] }, text('x', at))],
      [run(NEW, 0, text('x', at), { content: ['skip', 1] }, text('y', at))],
      [run(ANN, 5, text('x', { origin: [BEN, 3] }))],
      [run(ANN, 5, text('x', { origin: [FOREIGN, 0] }))],
      [run(ANN, 5, text('x', { rightOrigin: [FOREIGN, 0] }))],
    ];
    for (const runs of gaps) expect(check(server, craftUpdate(runs))).toEqual(refused('gap'));
  });

  it('A3: origins of the own client that come later are a gap', () => {
    expect(check(draft(), craftUpdate([run(NEW, 0, text('ab', { origin: [NEW, 1] }))]))).toEqual(
      refused('gap'),
    );
    const twice = craftUpdate([
      run(NEW, 0, text('a', { origin: [ANN, 4] })),
      run(NEW, 1, text('b', { origin: [NEW, 0] })),
    ]);
    // Yjs itself takes only the last run of a client.
    expect(check(draft(), twice)).toEqual(refused('undecodable'));
    const later = craftUpdate([run(NEW, 0, text('a', { rightOrigin: [NEW, 1] }), text('b'))]);
    expect(check(draft(), later)).toEqual(refused('gap'));
  });

  it('A4: other roots and parents are refused', () => {
    const server = draft();
    const verdicts = [
      edit(server, ANN, (_t, doc) => doc.getText('other').insert(0, 'x')),
      edit(server, ANN, (_t, doc) => doc.getMap('meta').set('a', 1)),
      craftUpdate([run(ANN, 5, text('x', { parent: [BEN, 0] }))]),
    ].map((update) => check(server, update));
    expect(verdicts).toEqual([refused('foreign-root'), refused('foreign-content'), refused('foreign-root')]);
    expect(check(server, craftUpdate([run(ANN, 5, text('x', { parent: 'other' }))]))).toEqual(
      refused('foreign-root'),
    );
    expect(check(server, craftUpdate([run(ANN, 5, text('x', { parent: 'text', key: 'k' }))]))).toEqual(
      refused('foreign-content'),
    );
  });

  it('A4: formatting, embeds, binary, nested types and subdocuments are refused', () => {
    const server = draft();
    const changes: ((text: Y.Text, doc: Y.Doc) => void)[] = [
      (t) => t.format(0, 2, { bold: true }),
      (t) => t.insert(0, 'x', { author: 'ben' }),
      (t) => t.insertEmbed(0, { image: 'x' }),
      (t) => t.insertEmbed(0, new Y.Text('x')),
      (t) => t.setAttribute('author', 'ben'),
      (_t, doc) => doc.getArray(DRAFT_TEXT).insert(0, [new Uint8Array(3)]),
      (_t, doc) => doc.getArray(DRAFT_TEXT).insert(0, [1, { a: 2 }]),
      (_t, doc) => doc.getArray(DRAFT_TEXT).insert(0, [new Y.Doc()]),
      (_t, doc) => doc.getArray(DRAFT_TEXT).insert(0, [new Y.Map()]),
    ];
    for (const [index, change] of changes.entries()) {
      const copy = docOf(NEW);
      if (index < 5) Y.applyUpdate(copy, Y.encodeStateAsUpdate(server));
      const before = Y.encodeStateVector(copy);
      change(index < 5 ? copy.getText(DRAFT_TEXT) : new Y.Text(), copy);
      const update = Y.encodeStateAsUpdate(copy, before);
      expect([index, check(server, update)]).toEqual([index, refused('foreign-content')]);
    }
  });

  it('A5: words of others are deleted only by those who may', () => {
    const server = draft();
    const update = edit(server, NEW, (t) => t.delete(3, 2));
    expect(check(server, update)).toEqual(refused('foreign-delete'));
    expect(check(server, update, { mayDeleteForeign: true })).toMatchObject(accepted());
    expect(
      check(
        server,
        edit(server, NEW, (t) => t.delete(0, 2)),
      ),
    ).toMatchObject(accepted());
    const both = edit(server, NEW, (t) => t.delete(0, t.length));
    expect(check(server, both)).toEqual(refused('foreign-delete'));
  });

  it('A5: deleting what is deleted already is no offence', () => {
    const server = draft();
    expect(check(server, craftUpdate([], [[ANN, [[2, 2]]]]), { playerId: 'ben' })).toMatchObject(known);
    expect(check(server, craftUpdate([], [[ANN, [[2, 3]]]]), { playerId: 'ben' })).toEqual(
      refused('foreign-delete'),
    );
    expect(check(server, craftUpdate([], [[ANN, [[1, 2]]]]), { playerId: 'ben' })).toEqual(
      refused('foreign-delete'),
    );
  });

  it('A3: deletes of things unknown are refused', () => {
    for (const ranges of [
      [ANN, [[4, 9]]],
      [FOREIGN, [[0, 1]]],
      [NEW, [[0, 1]]],
    ] as const) {
      expect(check(draft(), craftUpdate([], [ranges]))).toEqual(refused('unknown-delete'));
    }
    const own = craftUpdate([run(NEW, 0, text('abc', { origin: [ANN, 4] }))], [[NEW, [[1, 1]]]]);
    expect(check(draft(), own)).toMatchObject(accepted([NEW]));
  });

  it('A6: a draft does not grow beyond its limit, but words may be exchanged at the limit', () => {
    const server = docOf(ANN);
    server.getText(DRAFT_TEXT).insert(0, 'a'.repeat(LIMITS.passageLength - 5));
    expect(
      check(
        server,
        edit(server, ANN, (t) => t.insert(0, 'x'.repeat(5))),
      ),
    ).toMatchObject(accepted());
    expect(
      check(
        server,
        edit(server, ANN, (t) => t.insert(0, 'x'.repeat(6))),
      ),
    ).toEqual(refused('too-long'));
    const pasteOver = edit(server, ANN, (t) => {
      t.delete(0, t.length);
      t.insert(0, 'b'.repeat(LIMITS.passageLength));
    });
    expect(check(server, pasteOver)).toMatchObject(accepted());
    expect(
      check(
        server,
        edit(server, ANN, (t) => t.delete(0, 9)),
      ),
    ).toMatchObject(accepted());
  });

  it('A6: too many structs are refused', () => {
    const structs = Array.from({ length: LIMITS.updateStructs + 1 }, () => text('x', { origin: [ANN, 4] }));
    expect(check(draft(), craftUpdate([run(NEW, 0, ...structs)]))).toEqual(refused('too-many-structs'));
  });

  it('A6: clocks that clients could not read are refused', () => {
    const huge = Number.MAX_SAFE_INTEGER;
    const ends: CraftedStruct[][] = [
      [{ content: ['gc', huge] }, { content: ['gc', huge] }],
      [{ content: ['deleted', huge], parent: DRAFT_TEXT }],
      [{ content: ['gc', 2 ** 31] }],
    ];
    for (const structs of ends) expect(check(draft(), craftUpdate([run(NEW, 0, ...structs)])).ok).toBe(false);
  });

  it('A7: structs and deletes without length are refused', () => {
    expect(check(draft(), craftUpdate([], [[ANN, [[5, 0]]]]))).toEqual(refused('undecodable'));
    const structs = [text('', { origin: [ANN, 4] }), text('x', { origin: [ANN, 4] })];
    expect(check(draft(), craftUpdate([run(NEW, 0, ...structs)]))).toEqual(refused('undecodable'));
  });

  it('A8: who may not write may sync, and nothing else', () => {
    const server = draft();
    const rules = { mayWrite: false };
    expect(check(server, Y.encodeStateAsUpdate(server), rules)).toMatchObject(known);
    expect(
      check(
        server,
        edit(server, ANN, (t) => t.insert(0, 'x')),
        rules,
      ),
    ).toEqual(refused('not-a-writer'));
    expect(
      check(
        server,
        edit(server, ANN, (t) => t.delete(0, 1)),
        rules,
      ),
    ).toEqual(refused('not-a-writer'));
  });

  it('A7: no bytes whatsoever make it throw', () => {
    const server = draft();
    const honest = [
      Y.encodeStateAsUpdate(server),
      edit(server, ANN, (t) => t.insert(2, 'some more words')),
      edit(server, NEW, (t) => t.delete(0, 2)),
    ];
    const flips = fc.array(fc.tuple(fc.nat(200), fc.nat(255)), { maxLength: 4 });
    fc.assert(
      fc.property(
        fc.constantFrom(...honest),
        flips,
        fc.uint8Array({ maxLength: 20 }),
        (update, bytes, tail) => {
          const broken = Uint8Array.from([...update, ...tail]);
          for (const [at, value] of bytes) broken[at % broken.length] = value;
          accept(server, broken);
        },
      ),
      { numRuns: 2_000 },
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => void accept(server, bytes)),
      { numRuns: 1_000 },
    );
  });

  it('A3: what is accepted never leaves anything pending and never throws, however it was crafted', () => {
    const place = fc.oneof(
      { weight: 3, arbitrary: fc.tuple(fc.constant(ANN), fc.nat(4)) },
      { weight: 2, arbitrary: fc.tuple(fc.constantFrom(BEN, NEW), fc.nat(2)) },
      { weight: 1, arbitrary: fc.tuple(fc.constantFrom(ANN, BEN, NEW, FOREIGN), fc.nat(8)) },
    );
    const at = fc.option(place, { nil: undefined });
    const struct = fc.record({
      content: fc.oneof(
        fc.tuple(fc.constant('text' as const), fc.string({ minLength: 1, maxLength: 3 })),
        fc.tuple(
          fc.constantFrom('gc' as const, 'deleted' as const, 'skip' as const),
          fc.integer({ min: 1, max: 3 }),
        ),
      ),
      origin: at,
      rightOrigin: at,
    });
    const ends: Record<number, number> = { [ANN]: 5, [BEN]: 3 };
    const runs = fc.array(
      fc
        .record({
          client: fc.constantFrom(ANN, ANN, NEW, NEW, FOREIGN, BEN),
          shift: fc.constantFrom(0, 0, 0, 0, 1, -1, -3),
          structs: fc.array(struct, { minLength: 1, maxLength: 3 }),
        })
        .map(({ client, shift, structs }) => ({
          client,
          clock: Math.max(0, (ends[client] ?? 0) + shift),
          structs,
        })),
      { maxLength: 3 },
    );
    const range = fc.tuple(fc.nat(8), fc.integer({ min: 0, max: 3 }));
    const deletes = fc.oneof(
      { weight: 3, arbitrary: fc.constant([]) },
      {
        weight: 2,
        arbitrary: fc.array(
          fc.tuple(fc.constantFrom(ANN, ANN, BEN, NEW), fc.array(range, { minLength: 1, maxLength: 2 })),
          { maxLength: 2 },
        ),
      },
    );
    let taken = 0;
    fc.assert(
      fc.property(runs, deletes, (crafted, ranges) => {
        const server = draft();
        if (accept(server, craftUpdate(crafted as CraftedRun[], ranges))) taken += 1;
      }),
      { numRuns: Number(process.env.RUNS ?? 4_000) },
    );
    expect(taken).toBeGreaterThan(100);
  });
});

/** Checks an update and, when it is accepted, applies it to a copy: that must not throw, nor leave gaps unseen. */
function accept(server: Y.Doc, update: Uint8Array): boolean {
  const verdict = check(server, update);
  if (!verdict.ok || verdict.isKnown) return false;
  const copy = docOf(99);
  Y.applyUpdate(copy, Y.encodeStateAsUpdate(server));
  const before = copy.getText(DRAFT_TEXT).toJSON();
  Y.applyUpdate(copy, update);
  const { pendingStructs, pendingDs } = copy.store;
  // Only circular origins over several clients may be left over: SessionDocuments forgets them (A10).
  if (pendingStructs !== null || pendingDs !== null) expect(verdict.isPlain).toBe(false);
  const after = docOf(98);
  copy.store.pendingStructs = null;
  copy.store.pendingDs = null;
  Y.applyUpdate(after, Y.encodeStateAsUpdate(copy));
  // Hand-made neighbours that never stood side by side may change the order, not the words.
  expect([...after.getText(DRAFT_TEXT).toJSON()].toSorted()).toEqual(
    [...copy.getText(DRAFT_TEXT).toJSON()].toSorted(),
  );
  expect(after.store.pendingStructs).toBeNull();
  // Ben's words are untouched by Ann, who may not delete them.
  for (const letter of 'Ben') expect(before.includes(letter)).toBe(true);
  expect(
    copy
      .getText(DRAFT_TEXT)
      .toJSON()
      .replace(/[^Ben]/g, '').length,
  ).toBeGreaterThanOrEqual(3);
  Y.decodeStateVector(Y.encodeStateVector(copy));
  return true;
}
