const OPENERS = '“„«‹「『';
const CLOSERS = '”»›」』';
const DASH_SPEECH = /^\s*[-–—]\s/u;

/** What is said within a sentence. */
interface Spoken {
  /** Without the quotation marks. */
  parts: string[];
  /** The rest, without the marks. */
  told: string;
  /** A speech goes on behind it. */
  isOpen: boolean;
  /** It has no quotation marks but the dash that begins a speech. */
  isDash: boolean;
}

/** The spoken parts of a sentence or of a longer piece; `isOpen`: a speech goes on from what stands before. */
export function spokenParts(sentence: string, isOpen: boolean): Spoken {
  if (DASH_SPEECH.test(sentence))
    return { parts: [sentence.replace(DASH_SPEECH, '')], told: '', isOpen: false, isDash: true };
  const parts: string[] = [];
  let part: string | null = isOpen ? '' : null;
  let opener = '';
  let told = '';
  const close = () => {
    if (part !== null && part !== '') parts.push(part);
    part = null;
  };
  const open = (char: string) => {
    part ??= '';
    opener = char;
  };
  for (const char of sentence) {
    // German opens with the low mark and closes with the one that opens in English.
    const isLowClose = char === '“' && opener === '„' && part !== null;
    if (CLOSERS.includes(char) || isLowClose || (char === '"' && part !== null)) close();
    else if (char === '"' || OPENERS.includes(char)) open(char);
    else if (part !== null) part += char;
    else told += char;
  }
  const goesOn = part !== null;
  close();
  return { parts, told, isOpen: goesOn, isDash: false };
}
