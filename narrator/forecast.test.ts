import fc from 'fast-check';
import { expect, it } from 'vitest';
import { forecast } from './forecast.ts';
import { QUEUE_POLICIES, createScheduler } from './queue-policies.ts';
import type { Job, Scheduler } from './scheduler.ts';
import type { Steps } from './step-times.ts';
import { ServiceRate } from './service-rate.ts';
import { SlidingSums } from './sliding-sums.ts';

const clock = { now: () => 0 };

function job(id: string, sessionId: string): Job {
  return { id, workClass: 'narrator', tenantId: sessionId, sessionId, playerId: 'p' };
}

const jobs = fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 24 });
const policy = fc.constantFrom(...QUEUE_POLICIES);
const permits = fc.integer({ min: 1, max: 4 });
const costs = { inputTokens: 100, outputTokens: 64 };
const options = {
  left: () => costs,
  msOf: ({ inputTokens, outputTokens }: Steps) => inputTokens + outputTokens * 5,
  mayPause: true,
};

function filled(name: (typeof QUEUE_POLICIES)[number], of: number, sessions: readonly number[]): Scheduler {
  const scheduler = createScheduler(name, { clock, permits: of, chunk: 256 });
  sessions.forEach((session, at) => scheduler.add(job(`j${at}`, `s${session}`)));
  scheduler.schedule(true);
  return scheduler;
}

it('Q8: foretells a place for everybody who waits, in one order, with more work ahead of those further back', () => {
  fc.assert(
    fc.property(policy, permits, jobs, (name, of, sessions) => {
      const scheduler = filled(name, of, sessions);
      const waiting = scheduler.waiting().map((one) => one.id);
      const places = [...forecast(scheduler, options).entries()];
      expect(places.map(([id]) => id).toSorted()).toEqual(waiting.toSorted());
      expect(places.map(([, place]) => place.position)).toEqual(waiting.map((_, at) => at + 1));
      const ahead = places.map(([, place]) => place.unitsAhead);
      expect(ahead).toEqual(ahead.toSorted((a, b) => a - b));
    }),
  );
});

it('Q8: playing the future changes nothing', () => {
  fc.assert(
    fc.property(policy, permits, jobs, (name, of, sessions) => {
      const [one, other] = [filled(name, of, sessions), filled(name, of, sessions)];
      forecast(one, options);
      for (let round = 0; round < 50; round += 1) {
        expect(one.schedule(true)).toEqual(other.schedule(true));
        expect(one.running()).toEqual(other.running());
        for (const scheduler of [one, other]) {
          for (const { id } of scheduler.running()) {
            scheduler.charge(id, { inputTokens: 0, outputTokens: 30 });
            if (round % 3 === 0) scheduler.remove(id);
          }
        }
      }
    }),
    { numRuns: 50 },
  );
});

it('Q8: without pauses the work ahead of the next is what the running one has before it', () => {
  const scheduler = filled('first-come', 1, [0, 1]);
  expect(forecast(scheduler, { ...options, mayPause: false }).get('j1')).toEqual({
    position: 1,
    unitsAhead: 228,
    msAhead: 64 * 5 + 100,
  });
});

it('adds up over a window and knows when a sum will have shrunk', () => {
  const sums = new SlidingSums({ windowMs: 60_000, slotMs: 10_000, maxKeys: 2 });
  sums.add('a', 5, 0);
  sums.add('a', 3, 30_000);
  expect(sums.sum('a', 30_000)).toBe(8);
  expect(sums.msUntilBelow('a', 8, 30_000)).toBe(40_000);
  expect(sums.msUntilBelow('a', 9, 30_000)).toBe(0);
  expect(sums.sum('a', 70_000)).toBe(3);
  sums.add('b', 1, 70_000);
  sums.add('c', 1, 70_000);
  expect(sums.keys(70_000)).toEqual(['b', 'c']);
});

it('measures the speed while the engine works, not while it rests', () => {
  const rate = new ServiceRate();
  expect(rate.perSecond).toBeNull();
  for (let at = 0; at <= 5_000; at += 50) rate.note(10, at);
  expect(rate.perSecond).toBeCloseTo(200, 0);
  rate.rest();
  for (let at = 60_000; at <= 61_000; at += 50) rate.note(10, at);
  expect(rate.perSecond).toBeCloseTo(200, 0);
  for (let at = 61_050; at <= 120_000; at += 50) rate.note(20, at);
  expect(rate.perSecond).toBeCloseTo(400, 0);
});
