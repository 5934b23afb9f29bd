import { readFile } from 'node:fs/promises';
import { bundledFile } from '../bundled-file.ts';
import { EMBEDDING_SIZE } from './encoder.ts';
import { featuresOf, type Features } from './features.ts';
import type { ModelScores } from '../findings.ts';
import { LABELS, readModel, versionOf, type Affine, type Model } from './model-file.ts';

/** What is looked at of a text: its beginning, in windows that overlap; each score is the highest of any window. */
const MAX_CHARACTERS = 4_000;
const WINDOW = 1_000;
const WINDOW_STEP = 800;
/** Probabilities are kept this far from 0 and 1 where their logits are averaged. */
const LEAST = 1e-9;

/** The trained model. Scores are probabilities, shifted so that 0.5 is the operating threshold of a label. */
export interface Classifier {
  /** Name of the weights; changes with them. */
  readonly version: string;
  /**
   * Scores of a folded text from its words and parts of words. Only the first 4,000 characters count. The higher
   * score of any stretch of 1,000 characters wins, so that a long clean text does not hide a short bad one.
   */
  score(folded: string): ModelScores;
  /** Scores of a text from its sentence embedding. */
  scoreEmbedding(embedding: Float32Array): ModelScores;
  /** What both say together: the mean of the logits of `score` and `scoreEmbedding`, calibrated again. */
  averageScores(ofWords: ModelScores, ofEmbedding: ModelScores): ModelScores;
}

/** Reads the weights that come with the program, or those of another file. Rejects when it cannot be read or used. */
export async function loadClassifier(file = bundledFile('model/classifier.bin')): Promise<Classifier> {
  const bytes = await readFile(file);
  return classifierOf(readModel(bytes), versionOf(bytes));
}

/** The classifier that a model makes. */
export function classifierOf(model: Model, version: string): Classifier {
  return {
    version,
    score: (folded) =>
      windowsOf(folded)
        .map((window) => scoresOf(ngramSums(model, featuresOf(window)), model.ngram))
        .reduce(highest),
    scoreEmbedding: (embedding) => scoresOf(encoderSums(model, embedding), model.encoder),
    averageScores: (ofWords, ofEmbedding) =>
      scoresOf(
        LABELS.map((label) => (logitOf(ofWords[label]) + logitOf(ofEmbedding[label])) / 2),
        model.average,
      ),
  };
}

/** The stretches of a text that are scored by themselves; at least one. */
export function windowsOf(folded: string): string[] {
  const text = folded.slice(0, MAX_CHARACTERS);
  const windows = [text.slice(0, WINDOW)];
  for (let start = WINDOW_STEP; start + WINDOW - WINDOW_STEP < text.length; start += WINDOW_STEP) {
    windows.push(text.slice(start, start + WINDOW));
  }
  return windows;
}

/** The raw scores of the n-gram heads, before calibration. */
export function ngramSums(model: Model, { buckets, values }: Features): number[] {
  const heads = model.ngram.length;
  const sums = new Float64Array(heads);
  for (let at = 0; at < buckets.length; at += 1) {
    const row = (buckets[at] ?? 0) * heads;
    const value = values[at] ?? 0;
    for (let head = 0; head < heads; head += 1) {
      sums[head] = (sums[head] ?? 0) + value * (model.ngramWeights[row + head] ?? 0);
    }
  }
  return model.ngram.map(({ scale, bias }, head) => scale * (sums[head] ?? 0) + bias);
}

/** The raw scores of the heads on the sentence embedding, before calibration. */
export function encoderSums(model: Model, embedding: Float32Array): number[] {
  return model.encoder.map(({ bias }, head) => {
    let sum = bias;
    for (let at = 0; at < EMBEDDING_SIZE; at += 1) {
      sum += (model.encoderWeights[head * EMBEDDING_SIZE + at] ?? 0) * (embedding[at] ?? 0);
    }
    return sum;
  });
}

/** The log-odds of a probability, finite also for 0 and 1. */
export function logitOf(probability: number): number {
  const inside = Math.min(1 - LEAST, Math.max(LEAST, probability));
  return Math.log(inside / (1 - inside));
}

function scoresOf(sums: readonly number[], calibration: readonly Affine[]): ModelScores {
  const entries = LABELS.map((label, head) => {
    const { slope, shift } = calibration[head] ?? { slope: 1, shift: 0 };
    return [label, 1 / (1 + Math.exp(-(slope * (sums[head] ?? 0) + shift)))] as const;
  });
  return Object.fromEntries(entries) as ModelScores;
}

function highest(a: ModelScores, b: ModelScores): ModelScores {
  const entries = LABELS.map((label) => [label, Math.max(a[label], b[label])] as const);
  return Object.fromEntries(entries) as ModelScores;
}
