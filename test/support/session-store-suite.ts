import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SessionStore } from '../../sessions/ports.ts';
import { record, records } from './journal-records.ts';

const encoder = new TextEncoder();

/** What every adapter of the SessionStore port promises. `open` gives a new, empty store each time. */
export function describeSessionStore(name: string, open: () => Promise<SessionStore>): void {
  describe(`SessionStore: ${name}`, () => {
    let store: SessionStore;
    beforeEach(async () => {
      store = await open();
    });
    afterEach(() => store.close());
    const seqs = async (id: string) => (await store.load(id))?.tail.map((row) => row.seq);

    it('answers null for an unknown session', async () => {
      expect(await store.load('nobody')).toBeNull();
    });

    it('gives back a new session empty', async () => {
      await store.create('s1', 42);
      expect(await store.load('s1')).toEqual({ createdAt: 42, snapshots: [], tail: [] });
    });

    it('gives back every field of a record, in order of seq', async () => {
      const bytes = new Uint8Array(300).map((_, index) => index % 256);
      const rows = [
        record(1, 'é\u0000"'),
        record(2, '', { kind: 'update', doc: 'draft-a', author: null, data: bytes }),
        record(3, 'x', { at: 1_790_000_000_123 }),
      ];
      await store.create('s1', 1);
      await store.append('s1', rows.slice(0, 1));
      await store.append('s1', rows.slice(1));
      const tail = (await store.load('s1'))?.tail.map((row) => ({ ...row, data: new Uint8Array(row.data) }));
      expect(tail).toEqual(rows);
    });

    it('stores a view into a larger buffer as the view alone', async () => {
      const large = encoder.encode('abcdefgh');
      await store.create('s1', 1);
      await store.append('s1', [record(1, '', { data: large.subarray(2, 4) })]);
      expect((await store.load('s1'))?.tail[0]?.data.toString()).toEqual('99,100');
    });

    it('resolves an append of nothing', async () => {
      await store.create('s1', 1);
      await store.append('s1', []);
      expect(await seqs('s1')).toEqual([]);
    });

    it('keeps sessions apart', async () => {
      await Promise.all([store.create('s1', 1), store.create('s2', 2)]);
      await Promise.all([store.append('s1', records(1, 3)), store.append('s2', records(1, 2))]);
      expect(await seqs('s1')).toEqual([1, 2, 3]);
      expect(await seqs('s2')).toEqual([1, 2]);
    });

    it('refuses an append to a session that was never created', async () => {
      await expect(store.append('nobody', records(1, 1))).rejects.toMatchObject({
        code: 'STORAGE_UNAVAILABLE',
      });
    });

    it('refuses a position that is taken, and keeps nothing of that append', async () => {
      await store.create('s1', 1);
      await store.append('s1', records(1, 2));
      await expect(store.append('s1', records(2, 4))).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
      await expect(store.append('s1', [...records(3, 3), ...records(1, 1)])).rejects.toThrow();
      expect(await seqs('s1')).toEqual([1, 2]);
    });

    it('fails only the append at fault when many arrive together', async () => {
      const ids = Array.from({ length: 20 }, (_, index) => `s${index}`);
      for (const id of ids) await store.create(id, 1);
      await store.append('s7', records(1, 1));
      const done = await Promise.allSettled(ids.map((id) => store.append(id, records(1, 2))));
      expect(done.flatMap((result, index) => (result.status === 'rejected' ? [index] : []))).toEqual([7]);
      expect(await seqs('s7')).toEqual([1]);
      expect(await seqs('s8')).toEqual([1, 2]);
    });

    it('stores a very long append whole, and a broken long one not at all', async () => {
      await store.create('s1', 1);
      await store.append('s1', records(1, 1_700));
      expect((await seqs('s1'))?.length).toBe(1_700);
      await expect(store.append('s1', [...records(1_701, 3_000), ...records(5, 5)])).rejects.toThrow();
      expect((await seqs('s1'))?.at(-1)).toBe(1_700);
    });

    it('gives all records until both state and story have a snapshot', async () => {
      await store.create('s1', 1);
      await store.append('s1', records(1, 5));
      await store.saveSnapshots('s1', [{ doc: 'state', seq: 4, data: encoder.encode('S') }], []);
      expect(await seqs('s1')).toEqual([1, 2, 3, 4, 5]);
      await store.saveSnapshots('s1', [{ doc: 'story', seq: 3, data: encoder.encode('T') }], []);
      expect(await seqs('s1')).toEqual([4, 5]);
    });

    it('goes back to the oldest snapshot, replaces snapshots and drops those named', async () => {
      const snapshot = (doc: string, seq: number) => ({ doc, seq, data: encoder.encode(`${doc}${seq}`) });
      await store.create('s1', 1);
      await store.append('s1', records(1, 10));
      await store.saveSnapshots(
        's1',
        [snapshot('state', 8), snapshot('story', 8), snapshot('draft-a', 2)],
        [],
      );
      expect(await seqs('s1')).toEqual([3, 4, 5, 6, 7, 8, 9, 10]);
      await store.saveSnapshots('s1', [snapshot('state', 9)], ['draft-a', 'draft-unknown']);
      const stored = await store.load('s1');
      const texts = stored?.snapshots.map(({ data }) => Buffer.from(data).toString()).toSorted();
      expect(texts).toEqual(['state9', 'story8']);
      expect(stored?.tail.map((row) => row.seq)).toEqual([9, 10]);
      await store.saveSnapshots('s1', [], []);
    });

    it('proves by a probe that it can write, again and again', async () => {
      await Promise.all([store.probe(), store.probe()]);
      await store.probe();
    });

    it('close waits for appends under way, refuses later ones, and may be called twice', async () => {
      await store.create('s1', 1);
      const appended = store.append('s1', records(1, 3));
      await Promise.all([store.close(), store.close()]);
      await appended;
      await expect(store.append('s1', records(4, 4))).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
      await expect(store.load('s1')).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
    });
  });
}
