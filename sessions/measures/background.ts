import { z } from 'zod';
import type { Background } from '../quality.ts';

/** Most stems and bytes that a background may bring. */
const MAX_STEMS = 100_000;
const MAX_LIST = 2_000_000;

const backgroundSchema = z.object({
  schema: z.literal(1),
  version: z.string().min(1).max(40),
  /** BCP 47. */
  language: z.string().min(2).max(20),
  /** N: passages that the frequencies were counted in. */
  documents: z.number().int().min(1),
  /** The commonest words of the language, a space between. */
  common: z.string().max(MAX_LIST),
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
  const { version, documents, common, stems } = parsed.data;
  const rarity = new Map<string, number>();
  for (const [count, list] of Object.entries(stems)) {
    const frequency = Number(count);
    if (frequency > documents)
      throw new Error(`background: stems in ${count} of ${String(documents)} documents`);
    for (const stem of listOf(list)) rarity.set(stem, Math.log(documents / frequency));
  }
  if (rarity.size === 0) throw new Error('background: it has no stems');
  if (rarity.size > MAX_STEMS) throw new Error(`background: more than ${String(MAX_STEMS)} stems`);
  return backgroundOf(version, documents, { rarity, common: new Set(listOf(common)) });
}

function backgroundOf(
  version: string,
  documents: number,
  { rarity, common }: { rarity: ReadonlyMap<string, number>; common: ReadonlySet<string> },
): Background {
  const unknown = Math.log(documents);
  const sorted = [...rarity.values()].sort((a, b) => a - b);
  return {
    version,
    medianIdf: sorted[Math.floor(sorted.length / 2)] ?? unknown,
    idf: (stem) => rarity.get(stem) ?? unknown,
    commonShare(words) {
      if (words.length === 0) return 0;
      return words.filter((word) => common.has(word)).length / words.length;
    },
  };
}
