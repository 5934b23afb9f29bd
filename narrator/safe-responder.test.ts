import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SeededRandom } from '../test/support/seeded-random.ts';
import { safePassage } from './safe-responder.ts';
import { splitSentences } from './sentences.ts';

const member = (name: string, isProtected: boolean) => ({ name, description: '', isProtected });
const BASE = { cast: [], speakAs: null, lines: [], veils: [] };
const many = (context: Parameters<typeof safePassage>[0]) =>
  Array.from({ length: 200 }, (_, seed) => safePassage(context, new SeededRandom(seed)));

describe('the safe responder', () => {
  it('has several passages of one or two whole sentences each', () => {
    const texts = new Set(many(BASE));
    expect(texts.size).toBeGreaterThan(4);
    for (const text of texts) {
      expect(splitSentences(text).length).toBeLessThanOrEqual(2);
      expect(text).toMatch(/^\p{Lu}[^{}"]*\.$/u);
    }
  });

  it('names cast members who may be moved, the voiced one alone, and never a protected one', () => {
    const cast = [member('Mia', true), member('Tom', false), member('Old Mia', false), member('Ann', false)];
    const all = many({ ...BASE, cast }).join(' ');
    expect(all).toContain('Tom');
    expect(all).toContain('Ann');
    expect(all).not.toContain('Mia');
    const voiced = many({ ...BASE, cast, speakAs: 'Ann' }).join(' ');
    expect(voiced).toContain('Ann');
    expect(voiced).not.toContain('Tom');
  });

  it('takes names as they are', () => {
    const texts = many({ ...BASE, cast: [member('$& {name}', false)] });
    expect(texts.some((text) => text.includes('$& {name}'))).toBe(true);
  });

  it('leaves out passages that name a topic of the table, while there are others', () => {
    for (const text of many({ ...BASE, lines: ['Silence'], veils: ['quiet'] }))
      expect(text).not.toMatch(/silence|quiet/i);
    expect(many({ ...BASE, lines: ['e'] }).every((text) => text.length > 20)).toBe(true);
  });

  it('holds no protected name, whatever the names are', () => {
    // Letters that stand in no prepared passage.
    const name = fc.string({ unit: fc.constantFrom('Z', 'Q', 'X', ' '), minLength: 1, maxLength: 4 });
    const cast = fc.array(fc.record({ name, isProtected: fc.boolean() }), { maxLength: 6 });
    fc.assert(
      fc.property(cast, fc.nat(), (members, seed) => {
        const text = safePassage(
          { ...BASE, cast: members.map((one) => member(one.name, one.isProtected)) },
          new SeededRandom(seed),
        );
        const taken = members.filter((one) => one.isProtected && one.name.trim() !== '');
        for (const one of taken) expect(text).not.toContain(one.name.trim());
        expect(text).not.toContain('{');
      }),
    );
  });
});
