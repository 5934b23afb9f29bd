import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CHUNK, divideBudget, StepChunk } from './step-budget.ts';

const urgent = (promptLeft: number) => ({ promptLeft, isUrgent: true });
const background = (promptLeft: number) => ({ promptLeft, isUrgent: false });

describe('budget of a step', () => {
  it('goes to the first turns, and all but the last token of a prompt may be had', () => {
    expect(divideBudget([], 128)).toEqual([]);
    expect(divideBudget([urgent(1), urgent(100), urgent(0)], 128)).toEqual([0, 99, 0]);
    expect(divideBudget([urgent(100), urgent(100), urgent(100)], 128)).toEqual([99, 29, 0]);
    expect(divideBudget([background(100), background(100)], 128)).toEqual([99, 29]);
  });

  it('gives work in the background 32 tokens beside urgent work, also beside one that samples, and after it', () => {
    expect(divideBudget([background(500), urgent(50)], 128)).toEqual([32, 49]);
    expect(divideBudget([urgent(1), background(500), background(500)], 128)).toEqual([0, 32, 0]);
    expect(divideBudget([urgent(121), background(500)], 128)).toEqual([120, 8]);
    expect(divideBudget([background(500), urgent(500)], 128)).toEqual([0, 128]);
  });

  it('never exceeds the chunk or a prompt, and always lets somebody go on', () => {
    const turn = fc.record({ promptLeft: fc.integer({ min: 0, max: 3_000 }), isUrgent: fc.boolean() });
    const inputs = [
      fc.array(turn, { minLength: 1, maxLength: 12 }),
      fc.integer({ min: 32, max: 512 }),
    ] as const;
    fc.assert(
      fc.property(...inputs, (turns, chunk) => {
        const given = divideBudget(turns, chunk);
        expect(given.length).toBe(turns.length);
        expect(given.reduce((sum, amount) => sum + amount, 0)).toBeLessThanOrEqual(chunk);
        for (const [at, amount] of given.entries()) {
          expect(amount).toBeGreaterThanOrEqual(0);
          expect(amount).toBeLessThanOrEqual(Math.max(0, turns[at]!.promptLeft - 1));
        }
        expect(turns.some((one, at) => one.promptLeft <= 1 || given[at]! > 0)).toBe(true);
      }),
    );
  });
});

describe('chunk of a step', () => {
  it('starts at 128, halves after a slow step, grows by a quarter after a fast one that used it up', () => {
    const chunk = new StepChunk(CHUNK);
    expect(chunk.size).toBe(128);
    chunk.learn(10, 127);
    chunk.learn(75, 128);
    chunk.learn(150, 128);
    expect(chunk.size).toBe(128);
    chunk.learn(10, 128);
    expect(chunk.size).toBe(160);
    chunk.learn(151, 3);
    expect(chunk.size).toBe(80);
  });

  it('stays within its bounds', () => {
    const chunk = new StepChunk({ first: 9_999, min: 40, max: 90 });
    expect(chunk.size).toBe(90);
    for (let step = 0; step < 9; step += 1) chunk.learn(1, 999);
    expect(chunk.size).toBe(90);
    for (let step = 0; step < 9; step += 1) chunk.learn(999, 999);
    expect(chunk.size).toBe(40);
  });
});
