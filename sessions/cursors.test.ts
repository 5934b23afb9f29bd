import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { Awareness, applyAwarenessUpdate, encodeAwarenessUpdate } from 'y-protocols/awareness';
import * as Y from 'yjs';
import { Cursors, type CursorUser } from './cursors.ts';
import { LIMITS } from './limits.ts';

const ann: CursorUser = { playerId: 'ann', name: 'Ann', colour: 3 };
const ben: CursorUser = { playerId: 'ben', name: 'Ben', colour: 4 };
const open: Awareness[] = [];
afterEach(() => open.splice(0).forEach((awareness) => awareness.destroy()));

function awarenessOf(clientId: number, state: Record<string, unknown> | null): Awareness {
  const doc = new Y.Doc();
  doc.clientID = clientId;
  const awareness = new Awareness(doc);
  open.push(awareness);
  awareness.setLocalState(state);
  return awareness;
}

const payloadOf = (awareness: Awareness, ids = [awareness.clientID]) => encodeAwarenessUpdate(awareness, ids);
const isNobodys = () => false;
function receive(
  cursors: Cursors,
  peerId: string,
  payload: Uint8Array,
  of: { user?: CursorUser; isForeign?: (clientId: number) => boolean } = {},
) {
  const { user = ann, isForeign = isNobodys } = of;
  return cursors.receive(peerId, payload, { user, isForeign });
}

/** What a stock client sees after these payloads. */
function seen(...payloads: (Uint8Array | null)[]): Record<number, unknown> {
  const awareness = awarenessOf(999, null);
  for (const payload of payloads) if (payload !== null) applyAwarenessUpdate(awareness, payload, null);
  return Object.fromEntries(awareness.getStates());
}

describe('Cursors', () => {
  it('A11: a cursor is spread with the name and colour that the server knows', () => {
    const cursors = new Cursors();
    const claimed = { user: { name: 'Somebody else', colour: '#f00' }, cursor: { at: 3 }, extra: 'x' };
    expect(receive(cursors, 'c1', payloadOf(awarenessOf(1, claimed)))).toBeNull();
    expect(seen(cursors.takeChanges())).toEqual({ 1: { user: ann, cursor: { at: 3 } } });
    expect(cursors.takeChanges()).toBeNull();
    expect(seen(cursors.encodeAll())).toEqual({ 1: { user: ann, cursor: { at: 3 } } });
  });

  it('A11: a cursor goes when its connection goes, for those who saw it too', () => {
    const cursors = new Cursors();
    receive(cursors, 'c1', payloadOf(awarenessOf(1, { cursor: 1 })));
    const first = cursors.takeChanges();
    cursors.leave('c1');
    expect(seen(first, cursors.takeChanges())).toEqual({});
    expect(cursors.encodeAll()).toBeNull();
  });

  it('A11: a connection has one cursor; a new client id takes the place of the old one', () => {
    const cursors = new Cursors();
    receive(cursors, 'c1', payloadOf(awarenessOf(1, { cursor: 1 })));
    const first = cursors.takeChanges();
    receive(cursors, 'c1', payloadOf(awarenessOf(2, { cursor: 2 })));
    expect(seen(first, cursors.takeChanges())).toEqual({ 2: { user: ann, cursor: 2 } });
  });

  it('A11: two states of its own in one message are refused', () => {
    const both = awarenessOf(1, { cursor: 1 });
    applyAwarenessUpdate(both, payloadOf(awarenessOf(2, { cursor: 2 })), null);
    expect(receive(new Cursors(), 'c1', payloadOf(both, [1, 2]))).toBe('several-states');
  });

  it('A12: what a stock client echoes of others is ignored and changes nothing', () => {
    const cursors = new Cursors();
    receive(cursors, 'c1', payloadOf(awarenessOf(1, { cursor: 1 })));
    cursors.takeChanges();
    const echo = awarenessOf(2, { cursor: 2 });
    applyAwarenessUpdate(echo, cursors.encodeAll()!, null);
    const isBens = (clientId: number) => clientId === 1;
    expect(receive(cursors, 'c2', payloadOf(echo, [1, 2]), { user: ben, isForeign: isBens })).toBeNull();
    expect(seen(cursors.encodeAll())).toEqual({
      1: { user: ann, cursor: 1 },
      2: { user: ben, cursor: 2 },
    });
    const removal = awarenessOf(1, { cursor: 1 });
    removal.setLocalState(null);
    expect(receive(cursors, 'c2', payloadOf(removal), { user: ben })).toBeNull();
    expect(Object.keys(seen(cursors.encodeAll()))).toEqual(['1', '2']);
  });

  it('A12: an echo that comes when the cursor is gone already is ignored too', () => {
    for (const isBound of [true, false]) {
      const cursors = new Cursors();
      receive(cursors, 'c1', payloadOf(awarenessOf(1, { cursor: 1 })));
      const echo = awarenessOf(2, { cursor: 2 });
      applyAwarenessUpdate(echo, cursors.takeChanges()!, null);
      cursors.leave('c1');
      cursors.takeChanges();
      expect(
        receive(cursors, 'c2', payloadOf(echo, [1, 2]), {
          user: ben,
          isForeign: (id) => isBound && id === 1,
        }),
      ).toBeNull();
      expect(seen(cursors.encodeAll())).toEqual({ 2: { user: ben, cursor: 2 } });
    }
  });

  it('A12: a cursor under an id that another player owns and that was never a cursor is refused', () => {
    const isForeign = (clientId: number) => clientId === 1;
    expect(
      receive(new Cursors(), 'c2', payloadOf(awarenessOf(1, { cursor: 1 })), { user: ben, isForeign }),
    ).toBe('foreign-client');
  });

  it('A11: a player who comes back by another connection takes the cursor along, also from a dead line', () => {
    for (const isLeft of [true, false]) {
      const cursors = new Cursors();
      const awareness = awarenessOf(1, { cursor: 1 });
      receive(cursors, 'c1', payloadOf(awareness));
      if (isLeft) cursors.leave('c1');
      const before = cursors.takeChanges();
      for (const cursor of [2, 3]) {
        awareness.setLocalState({ cursor });
        expect(receive(cursors, 'c2', payloadOf(awareness))).toBeNull();
      }
      expect(seen(before, cursors.takeChanges())).toEqual({ 1: { user: ann, cursor: 3 } });
      cursors.leave('c1');
      expect(seen(cursors.encodeAll())).toEqual({ 1: { user: ann, cursor: 3 } });
      cursors.leave('c2');
      expect(cursors.encodeAll()).toBeNull();
    }
  });

  it('A11: an older state never replaces a newer one', () => {
    const cursors = new Cursors();
    const awareness = awarenessOf(1, { cursor: 1 });
    const old = payloadOf(awareness);
    awareness.setLocalState({ cursor: 2 });
    receive(cursors, 'c1', payloadOf(awareness));
    receive(cursors, 'c1', old);
    expect(seen(cursors.encodeAll())).toEqual({ 1: { user: ann, cursor: 2 } });
  });

  it('L9: a state that is too large is not spread, a message that is far too large is refused', () => {
    const cursors = new Cursors();
    expect(
      receive(cursors, 'c1', payloadOf(awarenessOf(1, { cursor: 'x'.repeat(LIMITS.awarenessBytes) }))),
    ).toBeNull();
    expect(cursors.takeChanges()).toBeNull();
    const huge = payloadOf(awarenessOf(1, { cursor: 'x'.repeat(LIMITS.awarenessBytes * 4) }));
    expect(receive(cursors, 'c1', huge)).toBe('too-large');
  });

  it('A7: no bytes whatsoever make it throw', () => {
    const good = payloadOf(awarenessOf(1, { cursor: { at: 1 } }));
    const cursors = new Cursors();
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), fc.nat(good.length), (bytes, at) => {
        receive(cursors, 'c1', bytes);
        receive(cursors, 'c1', Uint8Array.from([...good.slice(0, at), ...bytes]));
        for (const client of Object.values(seen(cursors.takeChanges())))
          expect(client).toMatchObject({ user: ann });
      }),
      { numRuns: 500 },
    );
    const memory = new Uint8Array(200).fill(34);
    memory.set(good, 0);
    expect(receive(cursors, 'c9', memory.subarray(0, good.length - 1))).toBe('undecodable');
  });
});
