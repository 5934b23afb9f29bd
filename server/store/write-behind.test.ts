import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../test/support/manual-clock.ts';
import { WriteBehind } from './write-behind.ts';

class Conflict extends Error {}

/** A write-behind over a list, whose writes fail while `fault` is set. */
function fixture() {
  const clock = new ManualClock();
  const written: number[][] = [];
  const of = { fault: null as Error | null, refused: -1, lost: 0, troubles: 0 };
  const rows = new WriteBehind<number>({
    clock,
    write: (group) => {
      if (of.fault !== null) return Promise.reject(of.fault);
      if (group.includes(of.refused)) return Promise.reject(new Conflict());
      written.push([...group]);
      return Promise.resolve();
    },
    sizeOf: (row) => row,
    isConflict: (error) => error instanceof Conflict,
    onLost: (count) => (of.lost += count),
    onTrouble: () => (of.troubles += 1),
  });
  return { clock, written, of, rows };
}

describe('WriteBehind', () => {
  it('gathers rows for a moment, and writes them in order', async () => {
    const { clock, written, rows } = fixture();
    for (const row of [1, 2, 3]) rows.add(row);
    clock.advance(499);
    expect(written).toEqual([]);
    clock.advance(1);
    await rows.flush();
    expect(written).toEqual([[1, 2, 3]]);
    expect(clock.pending).toBe(0);
  });

  it('writes after a flush that found nothing, too', async () => {
    const { written, rows } = fixture();
    await rows.flush();
    rows.add(1);
    await rows.flush();
    expect(written).toEqual([[1]]);
  });

  it('writes a full group at once, and more than one of them one after the other', async () => {
    const { written, rows } = fixture();
    for (let row = 0; row < 450; row += 1) rows.add(row);
    await rows.flush();
    await rows.close();
    expect(written.map((group) => group.length)).toEqual([200, 200, 50]);
    expect(written.flat()).toEqual(Array.from({ length: 450 }, (_, row) => row));
  });

  it('keeps what could not be written and tries again, and tells of it once a minute', async () => {
    const { clock, written, of, rows } = fixture();
    of.fault = new Error('full');
    rows.add(1);
    for (let tries = 0; tries < 10; tries += 1) {
      clock.advance(5_000);
      await rows.flush();
    }
    expect([of.troubles, of.lost]).toEqual([1, 0]);
    clock.advance(60_000);
    await rows.flush();
    expect(of.troubles).toBe(2);
    of.fault = null;
    rows.add(2);
    clock.advance(5_000);
    await rows.flush();
    expect(written).toEqual([[1, 2]]);
  });

  it('drains: all that waits is written or lost, or it says that it could not be', async () => {
    const { written, of, rows } = fixture();
    of.fault = new Error('full');
    rows.add(1);
    await expect(rows.drain()).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' });
    of.fault = null;
    of.refused = 2;
    rows.add(2);
    await rows.drain();
    expect([written, of.lost]).toEqual([[[1]], 1]);
  });

  it('is bounded: what does not fit is lost, and counted', async () => {
    const { of, rows } = fixture();
    of.fault = new Error('full');
    for (let row = 0; row < 5_100; row += 1) rows.add(row);
    await rows.flush();
    expect(of.lost).toBe(100);
    await rows.close();
    expect(of.lost).toBe(5_100);
    rows.add(1);
    expect(of.lost).toBe(5_101);
  });

  it('is bounded in characters too, and has room again for what was written', async () => {
    const { written, of, rows } = fixture();
    const half = 8 * 1024 * 1024;
    for (const size of [half, half - 1, 2, 1]) rows.add(size);
    expect(of.lost).toBe(1);
    await rows.flush();
    expect(written).toEqual([[half, half - 1, 1]]);
    rows.add(half);
    rows.add(half);
    await rows.flush();
    expect(of.lost).toBe(1);
  });

  it('loses a row that the database never takes, and no other', async () => {
    const { written, of, rows } = fixture();
    of.refused = 2;
    for (const row of [1, 2, 3]) rows.add(row);
    await rows.close();
    expect(written.flat()).toEqual([1, 3]);
    expect(of.lost).toBe(1);
  });

  it('closes once, with everything written, and sets no timer afterwards', async () => {
    const { clock, written, rows } = fixture();
    rows.add(1);
    await Promise.all([rows.close(), rows.close()]);
    expect(written).toEqual([[1]]);
    expect(clock.pending).toBe(0);
  });
});
