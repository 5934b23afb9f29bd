// Control characters but tab and newline, bidi marks and overrides, zero-width characters and tag characters (S3.2).
const INVISIBLE =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]|[\u{e0000}-\u{e007f}]/gu;
const LONE_SURROGATE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/**
 * Text as it is stored and shown: NFC, line ends `\n`, without characters that hide or reorder other text.
 * Zero-width joiner and non-joiner stay, since emoji and many scripts need them. Idempotent.
 */
export function cleanText(text: string): string {
  return (
    text
      .replace(/\r\n?/g, '\n')
      .replace(LONE_SURROGATE, '\ufffd')
      // Before NFC: characters that only something invisible kept apart may compose.
      .replace(INVISIBLE, '')
      .normalize('NFC')
  );
}

/** One line of clean text: inner white space collapsed to single spaces, ends trimmed. */
export function cleanLine(text: string): string {
  return cleanText(text).replace(/\s+/g, ' ').trim();
}
