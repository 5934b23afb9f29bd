import { expect, it } from 'vitest';
import { AppError } from '../sessions/errors.ts';
import { ManualClock } from '../test/support/manual-clock.ts';
import type { RequestStatus } from './narrator-observer.ts';
import { track } from './track.ts';

function fixture() {
  const clock = new ManualClock();
  const told: [RequestStatus, number][] = [];
  const tracker = {
    now: () => clock.now(),
    tell: (status: RequestStatus, ms: number) => void told.push([status, ms]),
  };
  return { clock, told, tracker };
}

it('S1.5: one count and one duration when it works, and the result', async () => {
  const { clock, told, tracker } = fixture();
  const work = (begun: () => void) => {
    clock.advance(30);
    begun();
    clock.advance(200);
    begun();
    return Promise.resolve('words');
  };
  expect(await track(tracker, work)).toBe('words');
  expect(told).toEqual([['success', 200]]);
});

it('S1.5: the original error comes through, counted once by what it was', async () => {
  const abort = (name: string) => new DOMException('', name);
  for (const [error, hasBegun, status] of [
    [new TypeError('broken'), true, 'error'],
    [new AppError('NARRATOR_FAILED'), true, 'error'],
    [abort('TimeoutError'), false, 'timeout'],
    [abort('AbortError'), true, 'cancelled'],
    [new AppError('NARRATOR_QUEUE_FULL'), false, 'rejected'],
    [new AppError('NARRATOR_BUSY'), true, 'cancelled'],
    ['no error at all', false, 'error'],
  ] as const) {
    const { clock, told, tracker } = fixture();
    const work = (begun: () => void) => {
      if (hasBegun) begun();
      clock.advance(50);
      // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors
      return Promise.reject(error);
    };
    expect(await track(tracker, work).catch((caught: unknown) => caught)).toBe(error);
    expect(told).toEqual([[status, hasBegun ? 50 : 0]]);
  }
});
