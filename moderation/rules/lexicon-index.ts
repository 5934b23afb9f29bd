import { BANNED_STEM, GROUP_SLUR, INNOCENT, SEXUAL_WORD, SWEAR } from './lexicon/context.ts';
import { SEVERITY_LISTS } from './lexicon/severity.ts';
import type { Harm } from '../../sessions/moderator.ts';

/** A word or phrase of the list, as moderation reads it. */
export interface LexiconEntry {
  /** Its words, in order. */
  words: readonly string[];
  /** Categories and severity as the list gives them, such as `insult.2`. */
  features: readonly string[];
  harm: Harm;
  /** 1 to 3. */
  severity: number;
  /** Nobody else may see it even for a moment. */
  isBanned: boolean;
}

/** The whole list by the first word of each entry, the longest entries first. */
export const LEXICON: ReadonlyMap<string, readonly LexiconEntry[]> = buildLexicon();

/** The single words that are worth a look when some of their letters are starred out. */
export const STARRED: readonly LexiconEntry[] = [...LEXICON.values()]
  .flat()
  .filter(
    ({ words, severity, harm }) =>
      words.length === 1 && (severity >= 2 || harm === 'hate' || SWEAR.test(words[0] ?? '')),
  );

function buildLexicon(): Map<string, LexiconEntry[]> {
  const lexicon = new Map<string, LexiconEntry[]>();
  for (const [key, list] of Object.entries(SEVERITY_LISTS)) {
    const [categories = '', level = '1'] = key.split(' ');
    for (const term of list.split(',')) {
      if (INNOCENT.has(term)) continue;
      const entry = entryOf(term, categories.split('+'), Number(level));
      const first = entry.words[0] ?? '';
      lexicon.set(first, [...(lexicon.get(first) ?? []), entry]);
    }
  }
  for (const entries of lexicon.values()) entries.sort((one, other) => other.words.length - one.words.length);
  return lexicon;
}

function entryOf(term: string, categories: string[], level: number): LexiconEntry {
  const { harm, severity } = judge(term, categories, level);
  return {
    words: term.split(' '),
    features: categories.map((category) => `${category}.${level}`),
    harm,
    severity,
    isBanned: BANNED_STEM.test(term),
  };
}

function judge(term: string, categories: string[], level: number): Pick<LexiconEntry, 'harm' | 'severity'> {
  if (GROUP_SLUR.test(term)) return { harm: 'hate', severity: level === 3 ? 3 : 2 };
  const isSwear = SWEAR.test(term);
  if (categories.includes('origin') && (level === 3 || !isSwear))
    return { harm: 'hate', severity: Math.max(2, level) };
  if (SEXUAL_WORD.test(term)) return { harm: 'sexual', severity: Math.min(2, level) };
  return { harm: 'profanity', severity: isSwear && level < 3 ? Math.min(level, 2) : level };
}
