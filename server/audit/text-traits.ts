import { findIdentifiers } from '../../moderation/rules/pii-numbers.ts';
import { findPhones } from '../../moderation/rules/pii-phone.ts';

/** Half of a text in quotation marks makes it dialogue. */
const DIALOGUE_SHARE = 0.5;
/** Speech between quotation marks of the usual kinds, within one paragraph. */
const SPEECH = /"[^"\n]{1,2000}"|“[^”\n]{1,2000}”|„[^“”\n]{1,2000}[“”]|«[^»\n]{1,2000}»|»[^«\n]{1,2000}«/g;

/** Very frequent words, few of which are shared. */
const FUNCTION_WORDS: readonly (readonly [lang: string, words: ReadonlySet<string>])[] = [
  ['en', 'the and of to was he she it that his her with you they had not were from'],
  ['de', 'der die das und ist nicht ein eine zu den mit sich auf dem von war sie er'],
  ['fr', 'le la les et de des un une est pas dans que qui elle il vous était avec'],
  ['es', 'el la los las y de que en un una no se por con su para era está'],
  ['it', 'il lo la gli e di che non un una per con del della era sono suo più'],
  ['pt', 'o os a as e de que não um uma em para com por se ele ela era'],
  ['nl', 'de het een en van niet dat is op te met zijn was hij ze er maar voor'],
].map(([lang = '', words = '']) => [lang, new Set(words.split(' '))] as const);
const WORDS_LOOKED_AT = 400;

/** Whether a text is mostly speech. */
export function isDialogue(text: string): boolean {
  const total = text.trim().length;
  if (total === 0) return false;
  let spoken = 0;
  for (const [speech] of text.matchAll(SPEECH)) spoken += speech.length;
  return spoken / total >= DIALOGUE_SHARE;
}

/** The language of a text by its function words; `und` where they do not tell. */
export function languageOf(text: string): string {
  const words =
    text
      .slice(0, WORDS_LOOKED_AT * 8)
      .toLowerCase()
      .match(/\p{L}+/gu)
      ?.slice(0, WORDS_LOOKED_AT) ?? [];
  const hits = FUNCTION_WORDS.map(([lang, known]) => ({
    lang,
    count: words.filter((word) => known.has(word)).length,
  })).sort((a, b) => b.count - a.count);
  const [best, next] = hits;
  return best === undefined || best.count < 2 || best.count === next?.count ? 'und' : best.lang;
}

/** Whether a cheap look finds personal data: addresses of mail and net, numbers of people, cards and phones. */
export function hasPersonalData(text: string): boolean {
  const plain = text.toLowerCase();
  return findIdentifiers(plain).length > 0 || findPhones(plain).length > 0;
}
