import { z } from 'zod';
import type { Background } from '../quality.ts';

/** Most stems and bytes that a background may bring. */
const MAX_STEMS = 100_000;
const MAX_LIST = 2_000_000;

/** Pairs of common words from which on their order is judged. */
const ENOUGH_PAIRS = 10;
/** Share of pairs that are known in words thrown together at best, and in prose at worst. */
const SALAD = 0.75;
const PROSE = 0.88;
/** The least share of common words that prose has, where there are so many words in all. */
const LEAST_COMMON = 0.2;
const COMMON_WORDS = 50;

const backgroundSchema = z.object({
  schema: z.literal(1),
  version: z.string().min(1).max(40),
  /** BCP 47. */
  language: z.string().min(2).max(20),
  /** N: passages that the frequencies were counted in. */
  documents: z.number().int().min(1),
  /** The commonest words of the language, a space between. */
  common: z.string().max(MAX_LIST),
  /** Of the commonest words: which others of them follow one, a space between; so rarely that it counts for nothing left out. */
  pairs: z.record(z.string().max(40), z.string().max(MAX_LIST)),
  /** Document frequency -> the stems that have it, a space between. Stems of one document are left out. */
  stems: z.record(z.string().regex(/^[1-9]\d{0,8}$/u), z.string().max(MAX_LIST)),
});

const listOf = (text: string): string[] => text.split(' ').filter((word) => word !== '');

/**
 * Reads a background of stems, as `scripts/learn-background.ts` writes it. Throws an Error that says what is wrong with
 * it. A stem that is not in it counts as if one document had it.
 */
export function parseBackground(json: unknown): Background {
  const parsed = backgroundSchema.safeParse(json);
  if (!parsed.success) throw new Error(`background: ${z.prettifyError(parsed.error)}`);
  const { version, documents, stems } = parsed.data;
  const rarity = new Map<string, number>();
  for (const [count, list] of Object.entries(stems)) {
    const frequency = Number(count);
    if (frequency > documents)
      throw new Error(`background: stems in ${count} of ${String(documents)} documents`);
    for (const stem of listOf(list)) rarity.set(stem, Math.log(documents / frequency));
  }
  if (rarity.size === 0) throw new Error('background: it has no stems');
  if (rarity.size > MAX_STEMS) throw new Error(`background: more than ${String(MAX_STEMS)} stems`);
  return { ...backgroundOf(version, documents, rarity), ...phrasingOf(parsed.data) };
}

function backgroundOf(
  version: string,
  documents: number,
  rarity: ReadonlyMap<string, number>,
): Pick<Background, 'version' | 'medianIdf' | 'idf'> {
  const unknown = Math.log(documents);
  const sorted = [...rarity.values()].sort((a, b) => a - b);
  return {
    version,
    medianIdf: sorted[Math.floor(sorted.length / 2)] ?? unknown,
    idf: (stem) => rarity.get(stem) ?? unknown,
  };
}

type Phrases = Pick<z.infer<typeof backgroundSchema>, 'common' | 'pairs'>;

function phrasingOf({ common, pairs }: Phrases): Required<Pick<Background, 'commonShare' | 'fluency'>> {
  const words = new Set(listOf(common));
  const followers = new Map(Object.entries(pairs).map(([word, list]) => [word, new Set(listOf(list))]));
  const commonShare = (of: readonly string[]): number =>
    of.length === 0 ? 0 : of.filter((word) => words.has(word)).length / of.length;
  return {
    commonShare,
    fluency(of) {
      if (of.length >= COMMON_WORDS && commonShare(of) < LEAST_COMMON) return 0;
      let met = 0;
      let known = 0;
      for (const [at, word] of of.entries()) {
        const before = of[at - 1];
        if (before === undefined || !words.has(before) || !words.has(word)) continue;
        met += 1;
        if (followers.get(before)?.has(word) === true) known += 1;
      }
      if (met < ENOUGH_PAIRS) return null;
      return Math.min(1, Math.max(0, (known / met - SALAD) / (PROSE - SALAD)));
    },
  };
}
