import { murmur3 } from './murmur3.ts';

// What the trained model sees of a text. Weights are stored by these buckets: a change here needs a new training.

const BUCKET_BITS = 18;
/** Number of hashed buckets. */
export const BUCKETS = 2 ** BUCKET_BITS;
/** Words of a text beyond these are not looked at; a window of the classifier has fewer. */
const MAX_WORDS = 1_000;
/** A longer word is cut: it is a run of noise, and its n-grams would drown the rest. */
const MAX_WORD_LENGTH = 40;

const SEEDS = { word: 1, pair: 2, part: 3, negated: 4, addressed: 5 } as const;
const SHORTEST_PART = 3;
const LONGEST_PART = 5;

/** Words behind a negation, and words behind a "you", are also seen as such, as far as this many words on. */
const REACH = 3;
const NEGATIONS = new Set(
  "not no never nobody nothing none neither nor without cannot can't won't don't doesn't didn't isn't aren't wasn't weren't wouldn't shouldn't couldn't ain't cant wont dont doesnt didnt isnt arent wasnt werent wouldnt shouldnt couldnt aint".split(
    ' ',
  ),
);
const ADDRESSES = new Set("you your you're youre you'll you've yourself u ur ya yall y'all".split(' '));

/** A text as sparse vector: `buckets[i]` has the value `values[i]`; no bucket twice, Euclidean length 1 (or empty). */
export interface Features {
  buckets: Int32Array;
  values: Float32Array;
}

/** The words of a folded text, in order. */
function wordsOf(folded: string): string[] {
  const words = folded.replaceAll('\u2019', "'").match(/[\p{L}\p{N}\p{M}']+/gu) ?? [];
  return words.slice(0, MAX_WORDS).map((word) => word.slice(0, MAX_WORD_LENGTH));
}

/** Counts buckets; the arrays are made once, since a text touches a few hundred of 2^18. */
class BucketCounter {
  readonly #counts = new Uint16Array(BUCKETS);
  readonly #touched: number[] = [];

  add(hash: number): void {
    const bucket = hash >>> (32 - BUCKET_BITS);
    const count = this.#counts[bucket] ?? 0;
    if (count === 0) this.#touched.push(bucket);
    if (count < 0xffff) this.#counts[bucket] = count + 1;
  }

  /** The square roots of the counts, at length 1; the counter is empty then. */
  take(): Features {
    const buckets = Int32Array.from(this.#touched);
    const values = new Float32Array(buckets.length);
    let sum = 0;
    for (const bucket of this.#touched) sum += this.#counts[bucket] ?? 0;
    const scale = sum === 0 ? 0 : 1 / Math.sqrt(sum);
    buckets.forEach((bucket, at) => {
      values[at] = Math.sqrt(this.#counts[bucket] ?? 0) * scale;
      this.#counts[bucket] = 0;
    });
    this.#touched.length = 0;
    return { buckets, values };
  }
}

const counter = new BucketCounter();
const encoder = new TextEncoder();

/** N-grams of the bytes of one word with a space at either side, which `start` and `end` take in. */
function addParts(bytes: Uint8Array, start: number, end: number): void {
  for (let length = SHORTEST_PART; length <= LONGEST_PART; length += 1) {
    for (let at = start; at + length <= end; at += 1) {
      counter.add(murmur3(bytes, SEEDS.part, at, at + length));
    }
  }
}

/** Which words stand shortly behind one of `triggers`. */
function behind(words: readonly string[], triggers: ReadonlySet<string>): boolean[] {
  let left = 0;
  return words.map((word) => {
    const isBehind = left > 0;
    left = triggers.has(word) ? REACH : left - 1;
    return isBehind;
  });
}

/**
 * The features of a folded text: words, pairs of words, parts of words of 3 to 5 bytes, and words behind a negation
 * or behind a "you"; hashed, square roots of counts, length 1. Linear in the text's length.
 */
export function featuresOf(folded: string): Features {
  const words = wordsOf(folded);
  const isNegated = behind(words, NEGATIONS);
  const isAddressed = behind(words, ADDRESSES);
  const bytes = encoder.encode(` ${words.join(' ')} `);
  let start = 1;
  let previous = -1;
  for (let index = 0; index < words.length; index += 1) {
    const space = bytes.indexOf(0x20, start);
    counter.add(murmur3(bytes, SEEDS.word, start, space));
    if (previous >= 0) counter.add(murmur3(bytes, SEEDS.pair, previous, space));
    if (isNegated[index] === true) counter.add(murmur3(bytes, SEEDS.negated, start, space));
    if (isAddressed[index] === true) counter.add(murmur3(bytes, SEEDS.addressed, start, space));
    addParts(bytes, start - 1, space + 1);
    previous = start;
    start = space + 1;
  }
  return counter.take();
}
