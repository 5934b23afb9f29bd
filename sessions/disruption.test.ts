import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { adviceOf, disruption, timingOf, type DisruptionInput, type TimingGates } from './disruption.ts';

const open: TimingGates = { isSafety: false, canServe: true, isLocked: false, canWait: true };

/** `numbers`: turns, streamed, affected, words, present. `rule`: the one that decides. */
const EXAMPLES = [
  {
    name: 'two players, one bad passage',
    numbers: [1, null, 0.5, 0.05, 2],
    score: 0.196,
    settled: 0.196,
    timing: 'now',
    rule: 5,
  },
  { name: 'never used here', numbers: [0, null, 1, 0, 5], score: 0, settled: 0, timing: 'now', rule: 3 },
  { name: 'stream just began', numbers: [0, 0, 0, 0, 2], score: 0.175, settled: 0, timing: 'now', rule: 5 },
  {
    name: 'stream nearly done',
    numbers: [1, 0.9, 0.5, 0.05, 3],
    score: 0.458,
    settled: 0.221,
    timing: 'turn',
    rule: 6,
  },
  {
    name: 'solo writer',
    numbers: [3, null, 0.33, 0.1, 1],
    score: 0.204,
    settled: 0.204,
    timing: 'turn',
    rule: 6,
  },
  {
    name: 'character off stage',
    numbers: [12, null, 0, 0.3, 3],
    score: 0.336,
    settled: 0.336,
    timing: 'turn',
    rule: 6,
  },
  {
    name: 'mid-scene, four players',
    numbers: [8, null, 1, 0.4, 4],
    score: 0.544,
    settled: 0.544,
    timing: 'scene',
    rule: 7,
  },
  {
    name: 'same, streaming 60 %',
    numbers: [8, 0.6, 1, 0.4, 4],
    score: 0.744,
    settled: 0.544,
    timing: 'scene',
    rule: 7,
  },
  {
    name: 'deep, six players',
    numbers: [20, null, 1, 0.9, 6],
    score: 0.726,
    settled: 0.726,
    timing: 'branch',
    rule: 8,
  },
] as const;

const inputOf = ([turns, streamed, affectedShare, wordShare, present]: readonly (number | null)[]) =>
  ({ turns, streamed, affectedShare, wordShare, present }) as DisruptionInput;

const part = fc.double({ min: 0, max: 1, noNaN: true });
const inputs: fc.Arbitrary<DisruptionInput> = fc.record({
  turns: fc.nat(200),
  streamed: fc.option(part),
  affectedShare: part,
  wordShare: part,
  present: fc.nat(20),
});
const gates: fc.Arbitrary<TimingGates> = fc.record({
  isSafety: fc.boolean(),
  canServe: fc.boolean(),
  isLocked: fc.boolean(),
  canWait: fc.boolean(),
});

describe('disruption', () => {
  it.each(EXAMPLES)('K10: $name', ({ numbers, score, settled, timing, rule }) => {
    const input = inputOf(numbers);
    expect(disruption(input).score).toBeCloseTo(score, 3);
    expect(disruption(input).settled).toBeCloseTo(settled, 3);
    expect(timingOf(input, open)).toMatchObject({ timing, rule });
  });

  it('K10: deep, for safety: at once', () => {
    const input = inputOf([20, null, 1, 0.9, 6]);
    expect(timingOf(input, { ...open, isSafety: true, isLocked: true })).toMatchObject({
      timing: 'now',
      rule: 1,
    });
  });

  it('K10: the gates decide in their order', () => {
    const deep = inputOf([20, null, 1, 0.9, 6]);
    const scene = inputOf([8, null, 1, 0.4, 4]);
    expect(timingOf(deep, { ...open, canServe: false, isLocked: true })).toMatchObject({
      timing: 'now',
      rule: 1,
    });
    expect(timingOf({ ...deep, present: 0 }, { ...open, isLocked: true })).toMatchObject({
      timing: 'now',
      rule: 2,
    });
    expect(timingOf(inputOf([1, null, 0, 0, 1]), { ...open, isLocked: true })).toMatchObject({
      timing: 'branch',
      rule: 4,
    });
    expect(timingOf(scene, { ...open, canWait: false })).toMatchObject({ timing: 'branch', rule: 8 });
  });

  it('K10: the score is within 0 and 1, what remains is never more, and neither falls when an input rises', () => {
    fc.assert(
      fc.property(inputs, inputs, (a, b) => {
        const more: DisruptionInput = {
          turns: Math.max(a.turns, b.turns),
          streamed: a.streamed === null ? b.streamed : Math.max(a.streamed, b.streamed ?? 0),
          affectedShare: Math.max(a.affectedShare, b.affectedShare),
          wordShare: Math.max(a.wordShare, b.wordShare),
          present: Math.max(a.present, b.present),
        };
        const less = disruption(a);
        const raised = disruption(more);
        expect(less.score).toBeGreaterThanOrEqual(0);
        expect(raised.score).toBeLessThanOrEqual(1);
        expect(less.settled).toBeLessThanOrEqual(less.score);
        expect(raised.score).toBeGreaterThanOrEqual(less.score);
        expect(raised.settled).toBeGreaterThanOrEqual(less.settled);
      }),
    );
  });

  it('K10: every session falls to exactly one rule, with one timing and a sentence that says why', () => {
    const timings = {
      1: 'now',
      2: 'now',
      3: 'now',
      4: 'branch',
      5: 'now',
      6: 'turn',
      7: 'scene',
      8: 'branch',
    };
    fc.assert(
      fc.property(inputs, gates, (input, gate) => {
        const advice = timingOf(input, gate);
        expect(advice.timing).toBe(timings[advice.rule]);
        expect(advice.score).toBe(disruption(input).score);
        expect(adviceOf(advice, gate)).toMatch(/^[A-Z][^.]*\.$/);
      }),
    );
  });

  it('K10: shares of nothing and numbers out of range do no harm', () => {
    const odd = inputOf([-3, 7, Number.NaN, -1, Number.POSITIVE_INFINITY]);
    expect(disruption(odd).score).toBeCloseTo(0.4, 10);
    expect(disruption(inputOf([Number.NaN, null, Number.NaN, Number.NaN, Number.NaN]))).toEqual({
      score: 0,
      settled: 0,
    });
    expect(timingOf(inputOf([1, null, 1, 1, Number.NaN]), open).rule).toBe(2);
  });
});
