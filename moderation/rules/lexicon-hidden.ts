import {
  collapseDuplicatesTransformer,
  DataSet,
  englishDataset,
  RegExpMatcher,
  type EnglishProfaneWord,
} from 'obscenity';
import { LEXICON, type LexiconEntry } from './lexicon-index.ts';

// Swear words inside longer words that no list holds. The patterns and their exceptions are obscenity's; its own
// transformers are left out but one, since the text is folded already and their offsets would have to be mapped again.

/** Words that are hardly ever a part of an innocent one. */
const KEPT = new Set<EnglishProfaneWord>([
  'fuck',
  'shit',
  'cunt',
  'bitch',
  'bollocks',
  'whore',
  'nigger',
  'masturbate',
  'blowjob',
  'handjob',
  'deepthroat',
  'doggystyle',
  'gangbang',
  'dildo',
  'vagina',
  'penis',
  'jizz',
  'slut',
  'twat',
  'wank',
  'retard',
  'tranny',
]);
/** Words and names that hold one of these by chance. */
const INNOCENT =
  /scunthorpe|shiitake|mishit|mashit|snigger|niggard|swank|twattle|wristwatch|retard(?:ant|ation|ed|ing)|peniston|saltwat|fukien|fukuoka|fukushima/;

const dataset = new DataSet<{ originalWord: EnglishProfaneWord }>()
  .addAll(englishDataset)
  .removePhrasesIf((phrase) => !KEPT.has(phrase.metadata?.originalWord ?? 'abo'));
const matcher = new RegExpMatcher({
  ...dataset.build(),
  blacklistMatcherTransformers: [
    collapseDuplicatesTransformer({ defaultThreshold: 2, customThresholds: new Map([['u', 1]]) }),
  ],
});

/** Swear words in the folded text that are a part of a longer word, as entries of the list and their places. */
export function hiddenSwears(folded: string): { entry: LexiconEntry; start: number; end: number }[] {
  const hits: { entry: LexiconEntry; start: number; end: number }[] = [];
  for (const match of matcher.getAllMatches(folded)) {
    const { phraseMetadata } = dataset.getPayloadWithPhraseMetadata(match);
    const { start, end } = wordAround(folded, match.startIndex, match.endIndex + 1);
    const word = folded.slice(start, end);
    const entry = LEXICON.get(phraseMetadata?.originalWord ?? '')?.find(({ words }) => words.length === 1);
    // A match over several words is chance; a whole word that the list has left out is left out here too.
    if (entry === undefined || word.length < 4 || /[^a-z0-9]/.test(word) || INNOCENT.test(word)) continue;
    hits.push({ entry, start, end });
  }
  return hits;
}

function wordAround(folded: string, start: number, end: number): { start: number; end: number } {
  const isLetter = (at: number): boolean => /[a-z0-9]/.test(folded.charAt(at));
  let [from, to] = [start, end];
  while (from > 0 && start - from < 30 && isLetter(from - 1)) from -= 1;
  while (to < folded.length && to - end < 30 && isLetter(to)) to += 1;
  return { start: from, end: to };
}
