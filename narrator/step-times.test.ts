import fc from 'fast-check';
import { expect, it } from 'vitest';
import { StepTimes } from './step-times.ts';

it('Q8: learns the time of steps, sampled tokens and prompt tokens from any mix of steps', () => {
  const coefficient = fc.double({ min: 0.1, max: 20, noNaN: true });
  const step = fc.record({
    outputs: fc.integer({ min: 1, max: 8 }),
    inputs: fc.integer({ min: 0, max: 256 }),
  });
  const mix = fc.array(step, { minLength: 60, maxLength: 120 });
  fc.assert(
    fc.property(coefficient, coefficient, coefficient, mix, (base, output, input, steps) => {
      const times = new StepTimes();
      let now = 0;
      times.note({ inputTokens: 0, outputTokens: 1 }, now);
      for (const { outputs, inputs } of steps) {
        now += base + output * outputs + (input * inputs) / 64;
        for (let at = 0; at < outputs; at += 1)
          times.note({ inputTokens: at === 0 ? inputs : 0, outputTokens: 1 }, now);
      }
      times.rest();
      const wanted = base * 10 + output * 40 + (input * 500) / 64;
      const foretold = times.msOf({ steps: 10, outputTokens: 40, inputTokens: 500 }, true) ?? 0;
      expect(Math.abs(foretold - wanted) / wanted).toBeLessThan(0.15);
    }),
    { numRuns: 100 },
  );
});

it('Q8: knows nothing at first, and never foretells less than no time', () => {
  const times = new StepTimes();
  expect(times.msOf({ steps: 1, inputTokens: 0, outputTokens: 1 }, true)).toBeNull();
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.integer({ min: 0, max: 400 }), fc.integer({ min: 0, max: 9 }), fc.boolean()), {
        minLength: 20,
      }),
      fc.boolean(),
      (charges, hasSteps) => {
        const wild = new StepTimes();
        let now = 0;
        for (const [tokens, gap, rests] of charges) {
          now += gap;
          wild.note({ inputTokens: tokens, outputTokens: tokens % 3 }, now);
          if (rests) wild.rest();
        }
        const ms = wild.msOf({ steps: 3, inputTokens: 100, outputTokens: 30 }, hasSteps);
        expect(ms === null || (Number.isFinite(ms) && ms >= 0)).toBe(true);
      },
    ),
  );
});

it('Q8: where turns go their own way, ten tokens of each of four take as long as forty of one', () => {
  const times = new StepTimes();
  for (let at = 0; at <= 400; at += 1) times.note({ inputTokens: 0, outputTokens: 1 }, at * 5);
  expect(times.msOf({ steps: 10, inputTokens: 0, outputTokens: 40 }, false)).toBeCloseTo(200, -1);
});
