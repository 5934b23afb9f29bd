/** A piece longer than this is cut at a space although no sentence ends there, UTF-16 units. */
export const MAX_SENTENCE = 2_000;

const ENDERS = '.!?…';
const WIDE_ENDERS = '。！？｡';
const CLOSERS = '"\'”’»)]』」）】';
const ABBREVIATION =
  /(?:^|[^\p{L}\p{N}])(?:Mr|Mrs|Ms|Mx|Dr|St|Prof|Sr|Jr|Capt|Cpt|Lt|Col|Gen|Sgt|Rev|Hon|Mt|No|vs|[A-HJ-Z]|(?:\p{Lu}\.)+\p{Lu})\.$/u;
const LOWER = /\p{Ll}/u;
const SPACE = /\s/;

/** How the remainder is treated: the model ended by itself, or it was cut (cap, stop, fault). */
export type FlushPolicy = 'all' | 'whole';

interface Scan {
  /** End of the sentence with its closing marks, before the white space. */
  end: number;
  /** True when text behind it must be seen to decide. */
  needsMore: boolean;
}

function skip(text: string, from: number, isMatch: (char: string) => boolean): number {
  let at = from;
  while (at < text.length && isMatch(text.charAt(at))) at += 1;
  return at;
}

const isCloser = (char: string) => CLOSERS.includes(char);
const isEnder = (char: string) => ENDERS.includes(char) || WIDE_ENDERS.includes(char);
const isSpace = (char: string) => SPACE.test(char);

/** Decides whether the ender at `at` ends a sentence; null: it does not. */
function endAt(text: string, at: number): Scan | null {
  const afterEnders = skip(text, at, isEnder);
  const end = skip(text, afterEnders, isCloser);
  if (end >= text.length) return { end, needsMore: true };
  const marks = text.slice(at, afterEnders);
  if ([...marks].some((mark) => WIDE_ENDERS.includes(mark))) return { end, needsMore: false };
  if (!isSpace(text.charAt(end))) return null;
  if (marks === '.' && end === afterEnders && ABBREVIATION.test(text.slice(0, afterEnders).slice(-8))) {
    return null;
  }
  const next = skip(text, end, isSpace);
  if (text.slice(end, next).includes('\n')) return { end, needsMore: false };
  if (next >= text.length) return { end, needsMore: true };
  return LOWER.test(text.charAt(next)) ? null : { end, needsMore: false };
}

/** Where a text without any sentence end is cut: behind the last space, else between two characters. */
function forcedCut(text: string): number {
  for (let at = MAX_SENTENCE; at > MAX_SENTENCE / 2; at -= 1) if (isSpace(text.charAt(at - 1))) return at;
  const unit = text.charCodeAt(MAX_SENTENCE - 1);
  return unit >= 0xd800 && unit <= 0xdbff ? MAX_SENTENCE - 1 : MAX_SENTENCE;
}

/** Length of the first piece including the white space behind it; null: not known yet. */
function firstCut(text: string): number | null {
  for (let at = 0; at < text.length; at += 1) {
    if (at >= MAX_SENTENCE) return forcedCut(text);
    const char = text.charAt(at);
    let end: number | null = null;
    if (isEnder(char)) {
      const found = endAt(text, at);
      if (found?.needsMore === true && text.length <= MAX_SENTENCE) return null;
      if (found === null) at = skip(text, at, isEnder) - 1;
      else end = found.end;
    } else if (char === '\n' && text.slice(0, at).trim() !== '') end = at;
    if (end === null) continue;
    const cut = skip(text, end, isSpace);
    if (cut >= MAX_SENTENCE) return forcedCut(text);
    return cut < text.length ? cut : null;
  }
  return null;
}

/** True when `text` ends with a finished sentence (white space behind it does not matter). */
export function endsSentence(text: string): boolean {
  const bare = text.trimEnd();
  let at = bare.length;
  while (at > 0 && isCloser(bare.charAt(at - 1))) at -= 1;
  if (at === 0 || !isEnder(bare.charAt(at - 1))) return false;
  return at < bare.length || !ABBREVIATION.test(bare.slice(-8)) || bare.endsWith('..');
}

/**
 * Cuts text that arrives in any chunks into sentences, each with the white space behind it. The pieces and the
 * rest together are exactly the input, and where it is cut does not depend on the chunks. Quotes and brackets
 * that close behind a full stop stay with it, and so does what goes on in lower case (`"Hi!" said Ann.`);
 * titles such as `Dr.` end nothing; a line break always ends a piece. Holds at most about `MAX_SENTENCE`.
 */
export class SentenceSplitter {
  #rest = '';

  /** Takes the next chunk and returns the sentences that are now complete, in order. */
  push(text: string): string[] {
    this.#rest += text;
    const pieces: string[] = [];
    for (let cut = firstCut(this.#rest); cut !== null; cut = firstCut(this.#rest)) {
      pieces.push(this.#rest.slice(0, cut));
      this.#rest = this.#rest.slice(cut);
    }
    return pieces;
  }

  /**
   * The end of the text. 'all' gives out whatever is left; 'whole' only if it is a finished sentence, else
   * it comes back as `dropped`. The splitter is empty afterwards.
   */
  flush(policy: FlushPolicy): { pieces: string[]; dropped: string } {
    const rest = this.#rest;
    this.#rest = '';
    if (rest === '') return { pieces: [], dropped: '' };
    return policy === 'all' || endsSentence(rest)
      ? { pieces: [rest], dropped: '' }
      : { pieces: [], dropped: rest };
  }
}

/** All sentences of a finished text; together they are exactly `text`. */
export function splitSentences(text: string): string[] {
  const splitter = new SentenceSplitter();
  return [...splitter.push(text), ...splitter.flush('all').pieces];
}
