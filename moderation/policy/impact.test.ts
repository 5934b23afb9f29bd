import { describe, expect, it } from 'vitest';
import { collaborativeImpact } from './impact.ts';

describe('collaborative impact', () => {
  it('counts people in full for the table, by half from severity 2 on', () => {
    expect(collaborativeImpact(3, true, 1)).toBe(0.5);
    expect(collaborativeImpact(6, false, 2)).toBe(0.5);
    expect(collaborativeImpact(6, false, 1)).toBe(0);
    expect(collaborativeImpact(50, true, 4)).toBe(1);
  });
});
