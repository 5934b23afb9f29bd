import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { bundledFile } from '../bundled-file.ts';
import { loadClassifier, logitOf, windowsOf, type Classifier } from './classifier.ts';
import { EMBEDDING_SIZE } from './encoder.ts';
import { featuresOf } from './features.ts';
import type { ModelScores } from '../findings.ts';
import { LABELS, readModel, versionOf, writeModel } from './model-file.ts';
import { foldText } from '../text/normalise.ts';

interface Parity {
  version: string;
  texts: { text: string; count: number; first: number[]; scores: ModelScores }[];
  embeddings: { axis: number; scores: ModelScores }[];
}

const file = readFileSync(bundledFile('model/classifier.bin'));
const parity = JSON.parse(readFileSync(bundledFile('model/parity.json'), 'utf8')) as Parity;
let classifier: Classifier;
beforeAll(async () => {
  classifier = await loadClassifier();
});

const expectScores = (scores: ModelScores, expected: ModelScores) => {
  for (const label of LABELS) expect(scores[label]).toBeCloseTo(expected[label], 6);
};

describe('the bundled model', () => {
  it('is at most 5 MB, and the one the fixed scores were made with', () => {
    expect(file.length).toBeLessThan(5_000_000);
    expect(classifier.version).toBe(parity.version);
    expect(parity.texts.length).toBeGreaterThanOrEqual(30);
  });

  it.each(parity.texts)('finds the same buckets and scores for $text', ({ text, count, first, scores }) => {
    const { buckets } = featuresOf(foldText(text));
    expect(buckets).toHaveLength(count);
    expect([...buckets.subarray(0, 12)]).toEqual(first);
    expectScores(classifier.score(foldText(text)), scores);
  });

  it.each(parity.embeddings)(
    'finds the same scores for the embedding along axis $axis',
    ({ axis, scores }) => {
      const embedding = new Float32Array(EMBEDDING_SIZE).fill(1, axis, axis + 1);
      expectScores(classifier.scoreEmbedding(embedding), scores);
    },
  );

  it('lets neutral fiction pass, but for at most one line in thirty', () => {
    const flagged = parity.texts.filter(({ text }) =>
      Object.values(classifier.score(foldText(text))).some((score) => score >= 0.5),
    );
    expect(flagged.length).toBeLessThanOrEqual(1);
  });

  it('gives finite probabilities for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        for (const score of Object.values(classifier.score(text))) {
          expect(score).toBeGreaterThanOrEqual(0);
          expect(score).toBeLessThanOrEqual(1);
        }
      }),
    );
  });
});

describe('averageScores', () => {
  const scores = fc.record(
    Object.fromEntries(LABELS.map((label) => [label, fc.double({ min: 0, max: 1, noNaN: true })])) as Record<
      (typeof LABELS)[number],
      fc.Arbitrary<number>
    >,
  );

  it('is symmetric, finite, and rises with either side', () => {
    fc.assert(
      fc.property(scores, scores, scores, (a, b, other) => {
        const both = classifier.averageScores(a, b);
        expect(classifier.averageScores(b, a)).toEqual(both);
        const raised = classifier.averageScores(a, {
          ...b,
          hate: Math.max(b.hate, other.hate),
        });
        expect(raised.hate).toBeGreaterThanOrEqual(both.hate);
        expect(Object.values(both).every((one) => one >= 0 && one <= 1)).toBe(true);
      }),
    );
  });
});

describe('windowsOf', () => {
  it('covers the first 4,000 characters, in overlapping pieces of at most 1,000', () => {
    fc.assert(
      fc.property(fc.nat({ max: 6_000 }), (length) => {
        const text = Array.from({ length }, (_, at) => String.fromCharCode(0x4e00 + at)).join('');
        const windows = windowsOf(text);
        const seen = new Set(windows.join(''));
        expect(seen.size).toBe(Math.min(length, 4_000));
        expect(windows.every((window) => window.length <= 1_000)).toBe(true);
        expect(windows.length).toBeLessThanOrEqual(5);
      }),
    );
  });

  it('the score of a long text is the highest of its windows', () => {
    const long = parity.texts
      .map(({ text }) => foldText(text))
      .join(' ')
      .repeat(4);
    const each = windowsOf(long).map((window) => classifier.score(window));
    expect(each.length).toBe(5);
    for (const label of LABELS) {
      expect(classifier.score(long)[label]).toBe(Math.max(...each.map((scores) => scores[label])));
    }
  });
});

describe('the model file', () => {
  it('reads what it writes', () => {
    const model = readModel(file);
    const again = readModel(writeModel(model));
    expect(Buffer.compare(Buffer.from(again.ngramWeights), Buffer.from(model.ngramWeights))).toBe(0);
    expect({ ...again, ngramWeights: null }).toEqual({ ...model, ngramWeights: null });
  });

  it.each([
    ['another file', Buffer.from('GIF89a and so on')],
    ['a cut file', file.subarray(0, -1)],
    ['an empty file', Buffer.alloc(0)],
  ])('refuses %s', (_, bytes) => {
    expect(() => readModel(bytes)).toThrow();
  });

  it('has another version when one weight differs', () => {
    const other = Buffer.from(file);
    other[other.length - 1] = (other.at(-1) ?? 0) ^ 1;
    expect(versionOf(other)).not.toBe(versionOf(file));
  });

  it('is missed by its path', async () => {
    await expect(loadClassifier('/nowhere/classifier.bin')).rejects.toThrow('/nowhere/classifier.bin');
  });
});

describe('logitOf', () => {
  it.each([
    [0.5, 0],
    [0.75, Math.log(3)],
    [0, Math.log(1e-9)],
    [1, -Math.log(1e-9)],
  ])('of %d is about %d', (probability, logit) => {
    expect(logitOf(probability)).toBeCloseTo(logit, 4);
  });
});
