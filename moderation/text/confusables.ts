// Letters of other scripts that look like Latin ones. Keys are lower case and without marks.

function pairs(table: string): Map<string, string> {
  return new Map(table.split(' ').map((pair) => [pair.slice(0, -1), pair.slice(-1)] as const));
}

/** Look like a Latin letter in any word, so that a whole word can be written with them. */
export const TWINS: ReadonlyMap<string, string> = pairs(
  'аa вb сc еe һh іi јj кk мm нh оo рp ԛq ѕs тt уy ѵv ԝw хx ԁd ԍg ӏl гr пn ӕa ԥp ҽe ѡw ґr ' +
    'αa βb εe ηn ιi κk νv οo ρp τt υu χx γy ϲc ϳj ωw μm ζz ' +
    'օo սu ոn հh ցg յj եe քf զq ѕs տs',
);

/** Greek capitals whose look differs from their small letter's. */
export const GREEK_CAPITALS: ReadonlyMap<string, string> = pairs('Ηh Νn Υy Ρp Ζz Μm Χx');

/** Look like a Latin letter only to somebody who reads on: counted in words that have Latin letters too. */
export const COUSINS: ReadonlyMap<string, string> = pairs(
  'бb дd зe иn йn лn фo цu чh шw щw ыb ьb эe юo яr λl πn σo δd θo φo',
);

/** Latin letters that no decomposition turns into a plain one; always folded. */
export const VARIANTS: ReadonlyMap<string, string> = new Map([
  ...pairs(
    'øo łl đd ħh ŧt ıi ɪi ʟl ɴn ʀr ʙb ɢg ʜh ᴀa ᴄc ᴅd ᴇe ᴊj ᴋk ᴍm ᴏo ᴘp ᴛt ᴜu ᴠv ᴡw ᴢz ʏy ꜰf ꜱs ɡg ɑa ɐa ǝe ɘe əe ɛe ɔc ɥh ɯm ɹr ʇt ' +
      'ʌv ʍw ʎy ƒf ƙk ɓb ɗd ɖd ƭt ʈt ƥp ƴy ʋv ɨi ɫl ɱm ɲn ŋn ɳn ɵo ʂs ʉu ʐz ƶz ⱪk ꞓc ɇe ɉj ɍr ɏy ƀb ꝁk ꝋo ꝛr ꝑp',
  ),
  ['ß', 'ss'],
  ['æ', 'ae'],
  ['œ', 'oe'],
  ['þ', 'th'],
  ['ð', 'd'],
  ['ς', 'σ'],
  ['‘', "'"],
  ['’', "'"],
  ['‚', "'"],
  ['‛', "'"],
  ['′', "'"],
  ['“', '"'],
  ['”', '"'],
  ['„', '"'],
  ['‟', '"'],
  ['«', '"'],
  ['»', '"'],
  ['‐', '-'],
  ['‑', '-'],
  ['‒', '-'],
  ['–', '-'],
  ['—', '-'],
  ['―', '-'],
  ['−', '-'],
  ['⁄', '/'],
  ['\u2028', '\n'],
  ['\u2029', '\n'],
  ['\u0085', '\n'],
  ['\u2800', ' '],
]);

/** The letters a to z drawn in boxes and discs, which no decomposition knows, and those that flags are made of. */
const BOXED_ALPHABETS = [0x1f150, 0x1f170, 0x1f1e6];

/** A letter that is drawn in a box, a disc or a flag, as a letter; undefined for everything else. */
export function boxedLetter(codePoint: number): string | undefined {
  const first = BOXED_ALPHABETS.find((start) => codePoint >= start && codePoint < start + 26);
  return first === undefined ? undefined : String.fromCharCode(97 + codePoint - first);
}
