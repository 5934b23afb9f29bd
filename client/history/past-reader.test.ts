import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { PastView } from '../../sessions/history-view.ts';
import { localFailure, type Result } from '../common/failure.ts';
import { PastReader } from './past-reader.ts';

/** A reader whose requests are answered by hand. */
function reading() {
  const asked: { time: number; signal: AbortSignal; answer: (result: Result<PastView>) => void }[] = [];
  const reader = new PastReader({
    ask: (time, signal) =>
      new Promise((answer) => {
        asked.push({ time, signal, answer });
      }),
    freeze: () => new Map(),
    pauseMs: 150,
  });
  return { reader, asked };
}
const view = (branchId: string): Result<PastView> => ({
  ok: true,
  value: { seq: 1, at: 1, branchId, branches: [], scenes: [], line: [], changed: [] },
});
const shown = ({ state }: PastReader) => state.get().past?.branchId;

describe('the story of the moment that was wanted last', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it('B7: a slider that is pulled asks once, for where it comes to rest', async () => {
    const { reader, asked } = reading();
    for (const time of [1, 2, 3]) {
      reader.read(time);
      await vi.advanceTimersByTimeAsync(100);
    }
    await vi.advanceTimersByTimeAsync(100);
    expect(asked.map(({ time }) => time)).toEqual([3]);
  });

  it('B2: a late answer about an earlier wish is not shown', async () => {
    const { reader, asked } = reading();
    reader.read(1);
    await vi.advanceTimersByTimeAsync(150);
    reader.read(2);
    expect(asked[0]!.signal.aborted).toBe(true);
    await vi.advanceTimersByTimeAsync(150);
    asked[1]!.answer(view('second'));
    await vi.advanceTimersByTimeAsync(0);
    asked[0]!.answer(view('first'));
    await vi.advanceTimersByTimeAsync(0);
    expect(shown(reader)).toBe('second');
    expect(reader.state.get().isLoading).toBe(false);
  });

  it('B2: what was shown stays while the next is on its way, and a failure is told', async () => {
    const { reader, asked } = reading();
    reader.read(1);
    await vi.advanceTimersByTimeAsync(150);
    asked[0]!.answer(view('first'));
    await vi.advanceTimersByTimeAsync(0);
    reader.read(2);
    expect(reader.state.get()).toMatchObject({ isLoading: true, past: { branchId: 'first' } });
    await vi.advanceTimersByTimeAsync(150);
    asked[1]!.answer(localFailure('NETWORK'));
    await vi.advanceTimersByTimeAsync(0);
    expect(reader.state.get()).toMatchObject({ isLoading: false, failure: { code: 'NETWORK' } });
    reader.close();
    reader.close();
  });
});
