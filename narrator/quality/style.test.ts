import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Persona } from '../../sessions/quality.ts';
import { personasFrom } from '../../sessions/personas.ts';
import { createAssessor } from './assessor.ts';
import { loadBaseline } from './baseline.ts';
import { rawStyle } from './style.ts';

const FIXTURES = join(import.meta.dirname, '../../test/fixtures/stories');
const wordsOf = (name: string): string[] =>
  (JSON.parse(readFileSync(join(FIXTURES, `${name}.json`), 'utf8')) as { passages: string[] }).passages
    .join(' ')
    .replaceAll(/["“”]/g, '')
    .split(/\s+/);
const TWAIN = wordsOf('tom-sawyer');
const AUSTEN = wordsOf('pride-and-prejudice');

const [plain] = personasFrom([{ id: 'c1', name: 'Mara', description: '' }]) as [Persona];
const persona = (sample: readonly string[]): Persona => ({ ...plain, samples: [sample.join(' ')] });
/** Passages in which Mara says these words, fifty at a time. */
function spoken(words: readonly string[], by = 'Mara'): string[] {
  const passages: string[] = [];
  for (let at = 0; at < words.length; at += 50) {
    const line = words
      .slice(at, at + 50)
      .join(' ')
      .replaceAll(/[.!?]/g, ',');
    passages.push(`"${line}," said ${by}.`);
  }
  return passages;
}
const style = (sample: readonly string[], passages: readonly string[]) =>
  rawStyle({ persona: persona(sample), passages, others: ['Tom'] });

describe('the style of a character', () => {
  // Both voices are in the story, so that what is usual there is neither.
  const others = [...spoken(TWAIN.slice(5_000, 7_600), 'Tom'), ...spoken(AUSTEN.slice(5_000, 7_600), 'Tom')];

  it('J3: is nearer to its own samples than to those of another book', () => {
    for (let from = 0; from < 3_000; from += 1_000) {
      const said = spoken(TWAIN.slice(from, from + 700));
      const own = style(TWAIN.slice(4_000, 4_400), [...others, ...said])!;
      const other = style(AUSTEN.slice(4_000, 4_400), [...others, ...said])!;
      expect(own).toBeGreaterThan(other);
    }
  });

  it('J3: says nothing under 600 words of dialogue or 300 of samples, and hears only that character', () => {
    const sample = TWAIN.slice(4_000, 4_400);
    expect(style(sample, spoken(TWAIN.slice(0, 550)))).toBeNull();
    expect(style(sample, [...spoken(TWAIN.slice(0, 550)), ...others])).toBeNull();
    const enough = [...spoken(TWAIN.slice(0, 700)), ...others];
    expect(style(sample, enough)).not.toBeNull();
    expect(style(TWAIN.slice(4_000, 4_200), enough)).toBeNull();
    expect(style([], enough)).toBeNull();
    expect(style(sample, spoken(TWAIN.slice(0, 700)))).toBeNull();
  });

  it('J3: of names nothing is learnt', () => {
    const sample = TWAIN.slice(4_000, 4_400);
    const named = (name: string) =>
      rawStyle({
        persona: { ...persona(sample), name },
        passages: [
          ...others,
          ...spoken(
            TWAIN.slice(0, 700).map((word, at) => (at % 9 === 0 ? name : word)),
            name,
          ),
        ],
        others: ['Tom'],
      });
    expect(named('Mara')).toBeCloseTo(named('Quill')!, 9);
  });

  it('J3: is a score of the session, under the threshold for the voice of another book', async () => {
    const baseline = await loadBaseline(join(import.meta.dirname, '../baselines/quality-en-1.json'));
    const assessor = createAssessor({ baseline, engine: null });
    const score = (sample: readonly string[]) =>
      assessor.styleOf!(persona(sample), [...others, ...spoken(TWAIN.slice(0, 700))], ['Tom'])!;
    expect(score(TWAIN.slice(4_000, 4_400))).toBeGreaterThanOrEqual(0.85);
    expect(score(AUSTEN.slice(4_000, 4_400))).toBeLessThan(0.85);
    const { style: _style, ...metrics } = baseline.metrics;
    const silent = createAssessor({
      baseline: { ...baseline, metrics: { ...metrics, style: null } },
      engine: null,
    });
    expect(
      silent.styleOf!(
        persona(TWAIN.slice(4_000, 4_400)),
        [...others, ...spoken(TWAIN.slice(0, 700))],
        ['Tom'],
      ),
    ).toBeNull();
  });
});
