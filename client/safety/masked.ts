/** A stretch of shown text: plain, a masked word, or a placeholder that stands for private data. */
export interface MaskPart {
  kind: 'plain' | 'word' | 'data';
  text: string;
}

/** Kinds of private data that a placeholder in square brackets stands for. */
const DATA = [
  'e-mail',
  'phone number',
  'card number',
  'bank account',
  'network address',
  'social security number',
  'address',
  'licence number',
  'personal data',
].join('|');
/** Letters spaced out are one word; else a word is what stands together. */
const MASKED = new RegExp(
  `(?:[\\p{L}\\p{N}] )?•(?: •)+|[\\p{L}\\p{N}]*•+[\\p{L}\\p{N}•]*|\\[(?:${DATA})\\]`,
  'gu',
);

/** Takes a text apart at its masked words and placeholders; together the parts are the text. */
export function maskParts(text: string): MaskPart[] {
  const parts: MaskPart[] = [];
  let from = 0;
  const plain = (to: number): void => {
    if (to > from) parts.push({ kind: 'plain', text: text.slice(from, to) });
  };
  for (const { 0: masked, index } of text.matchAll(MASKED)) {
    plain(index);
    parts.push({ kind: masked.startsWith('[') ? 'data' : 'word', text: masked });
    from = index + masked.length;
  }
  plain(text.length);
  return parts;
}
