import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { HistoryStore, JournalRange } from '../../sessions/history-ports.ts';
import type { JournalRecord, SessionStore } from '../../sessions/ports.ts';
import { record, records } from './journal-records.ts';

/** A history, and the store of sessions whose history it is. */
export interface HistoryStores {
  store: SessionStore;
  history: HistoryStore;
}

const encoder = new TextEncoder();
const text = (data: Uint8Array): string => Buffer.from(data).toString();
const ALL = { after: 0, upTo: Infinity, docs: null };
const DOCS = ['state', 'story', 'draft-a', 'draft-b'];

/** A record as plain values, so that two stores can be compared. */
const plain = ({ data, ...rest }: JournalRecord) => ({ ...rest, data: Buffer.from(data).toString('hex') });

async function readAll(
  history: HistoryStore,
  sessionId: string,
  range: Partial<JournalRange> = {},
): Promise<JournalRecord[]> {
  const all: JournalRecord[] = [];
  for await (const page of history.read(sessionId, { ...ALL, ...range })) all.push(...page);
  return all;
}

/** Any journal: positions without holes, the rest as it may come. */
const anyJournal = fc
  .array(
    fc.record({
      at: fc.integer({ min: 1, max: 2 ** 45 }),
      kind: fc.constantFrom('event' as const, 'update' as const),
      doc: fc.constantFrom(...DOCS, 'draft-ü 🜁'),
      author: fc.option(fc.constantFrom('p1', 'narrator', '', 'Ö 🜁'), { nil: null }),
      data: fc.uint8Array({ maxLength: 40 }),
    }),
    { minLength: 1, maxLength: 120 },
  )
  .map((rows) => rows.map((row, index): JournalRecord => ({ seq: index + 1, ...row })));

const anyStep = fc.oneof(
  fc.record({ do: fc.constant('compact' as const), upTo: fc.nat(130) }),
  fc.record({ do: fc.constant('base' as const), upTo: fc.nat(130) }),
);

/**
 * What every adapter of the HistoryStore port promises. `open` gives new, empty stores each time; `segment`: records of
 * a whole segment.
 */
export function describeHistoryStore(
  name: string,
  { open, segment }: { open: () => Promise<HistoryStores>; segment: number },
): void {
  describe(`HistoryStore: ${name}`, () => {
    let store: SessionStore;
    let history: HistoryStore;
    beforeEach(async () => {
      ({ store, history } = await open());
    });
    afterEach(() => store.close());

    it('has nothing of an unknown session', async () => {
      expect(await readAll(history, 'nobody')).toEqual([]);
      expect(await history.positionAt('nobody', 1e15)).toBe(0);
      expect(await history.baseAt('nobody', 10)).toBeNull();
      expect(await history.compact('nobody', 10)).toBe(0);
    });

    it('B1: reads any range, before and after it was packed, of all documents or some', async () => {
      const rows = Array.from({ length: 2 * segment + 7 }, (_, index) =>
        record(index + 1, `r${index + 1}`, {
          kind: index % 4 === 0 ? 'event' : 'update',
          doc: DOCS[index % 4]!,
          author: index % 3 === 0 ? null : `p${index % 5}`,
        }),
      );
      await store.create('s1', 1);
      await store.append('s1', rows);
      const ranges: JournalRange[] = [
        ALL,
        { after: 3, upTo: segment + 2, docs: null },
        { after: segment, upTo: segment, docs: null },
        { after: segment - 1, upTo: segment + 1, docs: ['story'] },
        { after: 5, upTo: Infinity, docs: ['draft-b'] },
        { after: 0, upTo: Infinity, docs: ['state', 'draft-a'] },
        { after: 0, upTo: Infinity, docs: [] },
      ];
      const read = async () =>
        Promise.all(ranges.map(async (range) => (await readAll(history, 's1', range)).map(plain)));
      const before = await read();
      expect(before[0]).toEqual(rows.map(plain));
      expect(before[3]!.every(({ doc }) => doc === 'story')).toBe(true);
      expect(await history.compact('s1', 2 * segment + 7)).toBe(2 * segment);
      expect(await read()).toEqual(before);
    });

    it('packs whole segments up to the position only, each record once', async () => {
      await store.create('s1', 1);
      await store.append('s1', records(1, 3 * segment));
      expect(await history.compact('s1', segment - 1)).toBe(0);
      expect(await history.compact('s1', segment)).toBe(segment);
      expect(await history.compact('s1', segment)).toBe(0);
      const both = await Promise.all([history.compact('s1', 1e9), history.compact('s1', 1e9)]);
      expect(both.toSorted()).toEqual([0, 2 * segment].toSorted());
      expect((await readAll(history, 's1')).length).toBe(3 * segment);
    });

    it('D5, D7: a load finds what was packed when its snapshots are lost', async () => {
      await store.create('s1', 1);
      await store.append('s1', records(1, segment + 5));
      const seq = segment + 2;
      const snapshots = ['state', 'story'].map((doc) => ({ doc, seq, data: encoder.encode(doc) }));
      await store.saveSnapshots('s1', snapshots, []);
      await history.compact('s1', seq);
      expect((await store.load('s1'))?.tail.map((row) => row.seq)).toEqual([seq + 1, seq + 2, seq + 3]);
      await store.saveSnapshots('s1', [], ['state', 'story']);
      expect((await store.load('s1'))?.tail.length).toBe(segment + 5);
    });

    it('finds the newest position at or before a moment, packed or not', async () => {
      const rows = records(1, segment + 10).map((row) => ({
        ...row,
        at: 1_000 + 10 * Math.ceil(row.seq / 2),
      }));
      await store.create('s1', 1);
      await store.append('s1', rows);
      const moments = [0, 1_009, 1_010, 1_015, 1_020, 1_000 + 5 * segment, 1_007 + 5 * segment, 1e15];
      const expected = moments.map((time) => rows.findLast(({ at }) => at <= time)?.seq ?? 0);
      const found = async () => Promise.all(moments.map((time) => history.positionAt('s1', time)));
      expect(await found()).toEqual(expected);
      await history.compact('s1', 1e9);
      expect(await found()).toEqual(expected);
    });

    it('B7: gives the nearest base at or before a position', async () => {
      await store.create('s1', 1);
      await store.create('s2', 1);
      for (const seq of [4, 9]) await history.saveBase('s1', { seq, data: encoder.encode(`base ${seq}`) });
      await history.saveBase('s1', { seq: 9, data: encoder.encode('base 9 once more') });
      expect(await history.baseAt('s1', 3)).toBeNull();
      expect(text((await history.baseAt('s1', 8))!.data)).toBe('base 4');
      const nine = await history.baseAt('s1', 9);
      expect([nine!.seq, text(nine!.data)]).toEqual([9, 'base 9 once more']);
      expect((await history.baseAt('s1', 1_000))!.seq).toBe(9);
      expect(await history.baseAt('s2', 1_000)).toBeNull();
    });

    it('B1: any packing and any bases leave what is read byte for byte as it was', async () => {
      let session = 0;
      await fc.assert(
        fc.asyncProperty(anyJournal, fc.array(anyStep, { maxLength: 5 }), async (journal, steps) => {
          const id = `s${(session += 1)}`;
          // As many as whole segments take, so that some of it is packed.
          const rows = Array.from({ length: Math.ceil((segment * 2.5) / journal.length) }, () => journal)
            .flat()
            .map((row, index) => ({ ...row, seq: index + 1 }));
          const scale = rows.length / 130;
          await store.create(id, 1);
          await store.append(id, rows);
          for (const step of steps) {
            const upTo = Math.round(step.upTo * scale);
            if (step.do === 'compact') await history.compact(id, upTo);
            else await history.saveBase(id, { seq: upTo, data: encoder.encode(`${upTo}`) });
          }
          const read = await readAll(history, id);
          expect(read.map(plain)).toEqual(rows.map(plain));
          const time = journal[0]!.at;
          const newest = rows.findLast(({ at }) => at <= time)!.seq;
          expect(await history.positionAt(id, time)).toBe(newest);
        }),
        { numRuns: segment > 100 ? 5 : 40 },
      );
    }, 60_000);

    it('G1: rewrites records, bases and snapshots up to a position, and nothing else', async () => {
      await store.create('s1', 1);
      await store.create('s2', 1);
      for (const id of ['s1', 's2']) {
        await store.append(id, records(1, segment + 20));
        await history.saveBase(id, { seq: 5, data: encoder.encode('base 5') });
        await history.saveBase(id, { seq: segment + 15, data: encoder.encode('late base') });
        await store.saveSnapshots(
          id,
          [
            { doc: 'state', seq: segment + 2, data: encoder.encode('the state') },
            { doc: 'story', seq: segment + 12, data: encoder.encode('the story') },
          ],
          [],
        );
      }
      await history.compact('s1', 1e9);
      const seen = new Set<string>();
      await history.rewrite('s1', segment + 10, ({ kind, doc, data }) => {
        seen.add(`${kind} ${doc} ${/^r\d/.test(text(data)) ? 'record' : text(data)}`);
        return /^r\d*7$|base|state/.test(text(data)) ? encoder.encode(`gone from ${text(data)}`) : null;
      });
      expect([...seen].toSorted()).toEqual([
        'event state record',
        'event state the state',
        'update story base 5',
      ]);
      const read = await readAll(history, 's1');
      const expected = records(1, segment + 20).map((row) =>
        row.seq % 10 === 7 && row.seq <= segment + 10
          ? { ...row, data: encoder.encode(`gone from r${row.seq}`) }
          : row,
      );
      expect(read.map(plain)).toEqual(expected.map(plain));
      expect(text((await history.baseAt('s1', 10))!.data)).toBe('gone from base 5');
      expect(text((await history.baseAt('s1', 1e9))!.data)).toBe('late base');
      const snapshots = (await store.load('s1'))!.snapshots.map(({ data }) => text(data)).toSorted();
      expect(snapshots).toEqual(['gone from the state', 'the story']);
      expect((await readAll(history, 's2')).map(plain)).toEqual(records(1, segment + 20).map(plain));
      expect(text((await history.baseAt('s2', 10))!.data)).toBe('base 5');
    });

    it('G1: a rewriting that breaks off changes nothing', async () => {
      await store.create('s1', 1);
      await store.append('s1', records(1, 20));
      await history.saveBase('s1', { seq: 5, data: encoder.encode('base 5') });
      const broken = history.rewrite('s1', 20, ({ data }) => {
        if (text(data) === 'base 5') throw new Error('broken');
        return encoder.encode('gone');
      });
      await expect(broken).rejects.toThrow('broken');
      expect((await readAll(history, 's1')).map(plain)).toEqual(records(1, 20).map(plain));
      expect(await history.compact('s1', 1)).toBe(0);
    });

    it('a history is whole while it is packed and written on', async () => {
      await store.create('s1', 1);
      await store.append('s1', records(1, 2 * segment));
      const reading = readAll(history, 's1');
      const [read] = await Promise.all([
        reading,
        history.compact('s1', 1e9),
        store.append('s1', records(2 * segment + 1, 2 * segment + 5)),
      ]);
      expect(read.slice(0, 2 * segment).map(plain)).toEqual(records(1, 2 * segment).map(plain));
    });
  });
}
