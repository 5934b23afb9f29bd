/** Words that say nothing of what is told: English, German, French, Spanish, Italian, Portuguese, Dutch. */
const STOPWORDS = new Set(
  (
    'a about after again all also an and any are as at away back be been before but by came can come could did do down for from ' +
    'get go got had has have he her here hers him his how i if in into is it its just like made me more my no not now of off on ' +
    'one only or other our out over own said say see she should so some still than that the their them then there these they ' +
    'this those through to too up us very was we went were what when where which while who will with would you your ' +
    'aber als am an auch auf aus bei bin da dann das dass dem den der des die du ein eine einem einen einer er es für hatte ich ' +
    'ihm ihn ihr im ist mit nach nicht noch nun nur ob oder sagte sein seine sich sie sind so über um und uns von vor war waren ' +
    'was wenn wie wieder wir wird zu zum zur ' +
    'au aux avait avec ce ces cette comme dans de des dit du elle elles en est et était il ils je la le les leur lui mais ne nous ' +
    'par pas plus pour qu que qui sa se ses son sur un une vous ' +
    'al como con del dijo ella el ellos era es esta este estaba había las lo los más muy no para pero por se sin su sus una y ya ' +
    'al alla anche che con da dal dei della di disse è era gli il io le lei loro lui ma nel nella non per più poi si sono sua suo ' +
    'uno à ao as com da das disse do dos ela ele em era foi mas na não nas no nos os ou para pela pelo sua seu um uma ' +
    'aan dat een en had het hij hun in is maar met naar niet nog om ook op te toen van voor was zei zich zij zijn'
  ).split(' '),
);

/** Words that point back to somebody told of before: a sentence that begins with one reads badly alone. */
const POINTERS = new Set(
  (
    'he she it they this that these those his her their its him them then so but and or because ' +
    'er sie es dann aber und das dies dieser diese il elle ils elles ce cela mais et puis él ella ellos esto pero y entonces ' +
    'lui lei loro questo ma ele ela eles isto mas e então hij zij het dit maar toen'
  ).split(' '),
);

const WORD = /[\p{L}\p{N}][\p{L}\p{M}\p{N}'’-]*/gu;
/** Scripts that put no space between words. */
const UNSPACED =
  /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;

/** All words of a text as they are written. */
export function plainWords(text: string): string[] {
  return text.match(WORD) ?? [];
}

function pairsOf(word: string): string[] {
  const chars = [...word];
  if (chars.length === 1) return chars;
  return chars.slice(1).map((char, at) => `${chars[at] ?? ''}${char}`);
}

/** The words that tell what a text is about, lower case, with doubles; pairs of characters where no space parts words. */
export function tellingWords(text: string): string[] {
  return plainWords(text).flatMap((word) => {
    const lower = word.toLowerCase();
    if (UNSPACED.test(lower)) return pairsOf(lower);
    return lower.length < 2 || STOPWORDS.has(lower) ? [] : [lower];
  });
}

/** Whether a word says nothing by itself. */
export function isStopWord(word: string): boolean {
  return STOPWORDS.has(word.toLowerCase());
}

/** Whether a sentence begins with a word that points back. */
export function pointsBack(sentence: string): boolean {
  const [first = ''] = plainWords(sentence);
  return POINTERS.has(first.toLowerCase());
}
