import fc from 'fast-check';
import { expect, it } from 'vitest';
import { steadyClock } from './steady-clock.ts';

function clockOf(times: number[], from: number) {
  return steadyClock({ now: () => times.shift() ?? 0, after: () => () => undefined }, from);
}

it('B6: time never goes back in a session, and goes on when the machine is set back', () => {
  const clock = clockOf([100, 90, 95, 105], 95);
  expect([clock.now(), clock.now(), clock.now(), clock.now()]).toEqual([100, 100, 105, 115]);
  expect(clockOf([3], 7).now()).toBe(7);
  fc.assert(
    fc.property(fc.array(fc.nat(1_000)), fc.nat(1_000), (times, from) => {
      const steady = clockOf([...times], from);
      let before = from;
      for (const [index, time] of times.entries()) {
        const now = steady.now();
        expect(now).toBeGreaterThanOrEqual(before);
        const passed = time - (times[index - 1] ?? time);
        if (index > 0 && passed > 0) expect(now - before).toBe(passed);
        before = now;
      }
    }),
  );
});
