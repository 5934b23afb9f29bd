import type { ToldLanguage } from '../../sessions/quality.ts';

/** The commonest small words of each language; those that several share count for all of them. */
const SMALL_WORDS: Readonly<Record<ToldLanguage, ReadonlySet<string>>> = {
  en: wordsOf(
    'the and of to was that with his her for not you he she it is are be have this but they we my me your i',
  ),
  de: wordsOf(
    'der die das und nicht ist ich sie den mit ein eine auf war dem zu es er wir du mir mich von aber auch',
  ),
  fr: wordsOf(
    'le la les et des est dans une un pas que vous il elle je ne du au ce qui nous mais pour avec mon sur',
  ),
  es: wordsOf(
    'el la los las y que en una un por con no se su lo pero es me te yo mi al del era muy para como',
  ),
  it: wordsOf(
    'il di che non per una un sono con gli della la è ma si lo mi ti le nel era io del più come anche',
  ),
  pt: wordsOf('o os a as que não uma um com por para se mas em do da eu ele ela é no na meu foi mais como'),
  nl: wordsOf(
    'de het een en van niet ik dat zijn met op maar is ze hij je we was voor aan die er mijn naar ook',
  ),
};
const LETTER = /\p{L}/gu;
const LATIN = /\p{Script=Latin}/gu;

/** Fewer words tell no language. */
const LEAST_WORDS = 8;
/** Small words make up a good third of prose; of the right language at least this share is known here. */
const LEAST_SHARE = 0.15;
/** How much more the best has to have than the next. */
const LEAD = 1.4;

function wordsOf(text: string): ReadonlySet<string> {
  return new Set(text.split(' '));
}

/** The language of a text by its small words; 'other': not written in Latin letters; null: cannot be told. */
export function languageOf(text: string): ToldLanguage | 'other' | null {
  const letters = text.match(LETTER)?.length ?? 0;
  if (letters >= LEAST_WORDS && (text.match(LATIN)?.length ?? 0) < letters / 2) return 'other';
  const words = text.toLowerCase().match(/\p{L}+/gu) ?? [];
  if (words.length < LEAST_WORDS) return null;
  const shares = (Object.keys(SMALL_WORDS) as ToldLanguage[])
    .map((language) => {
      const known = words.filter((word) => SMALL_WORDS[language].has(word)).length;
      return { language, share: known / words.length };
    })
    .sort((a, b) => b.share - a.share);
  const [best, next] = shares;
  if (best === undefined || best.share < LEAST_SHARE || best.share < LEAD * (next?.share ?? 0)) return null;
  return best.language;
}
