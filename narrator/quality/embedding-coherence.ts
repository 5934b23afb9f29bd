import { splitSentences } from '../sentences.ts';

/** Vectors of texts by a sentence encoder, in order; null: it cannot just now. */
export type Embed = (texts: readonly string[]) => Promise<Float32Array[] | null>;

/** Sentences of a passage that are looked at. */
const MOST_SENTENCES = 40;
/** Characters of each text that is encoded. */
const MOST_LENGTH = 1_000;

function cosine(one: Float32Array, other: Float32Array): number {
  let dot = 0;
  let ones = 0;
  let others = 0;
  for (const [at, value] of one.entries()) {
    const second = other[at] ?? 0;
    dot += value * second;
    ones += value * value;
    others += second * second;
  }
  return ones === 0 || others === 0 ? 0 : dot / Math.sqrt(ones * others);
}

function sum(vectors: readonly Float32Array[]): Float32Array {
  const total = new Float32Array(vectors[0]?.length ?? 0);
  for (const vector of vectors)
    for (const [at, value] of vector.entries()) total[at] = (total[at] ?? 0) + value;
  return total;
}

/**
 * D3 before calibration: mean of the mean cosine of neighbouring sentences and of the cosine of the passage to those
 * before it, -1 to 1. Null: under two sentences, nothing before, or no vectors.
 */
export async function embeddingCoherence(
  text: string,
  previous: readonly string[],
  embed: Embed,
): Promise<number | null> {
  const sentences = splitSentences(text)
    .map((sentence) => sentence.trim().slice(0, MOST_LENGTH))
    .filter((sentence) => sentence !== '')
    .slice(0, MOST_SENTENCES);
  if (sentences.length < 2 || previous.length === 0) return null;
  const before = previous.map((one) => one.slice(-MOST_LENGTH));
  const vectors = await embed([...sentences, ...before]);
  if (vectors === null || vectors.length !== sentences.length + before.length) return null;
  const own = vectors.slice(0, sentences.length);
  const neighbours = own.slice(1).map((vector, at) => cosine(own[at] ?? vector, vector));
  const flow = neighbours.reduce((total, value) => total + value, 0) / neighbours.length;
  return (flow + cosine(sum(own), sum(vectors.slice(sentences.length)))) / 2;
}
