import { AppError, type ErrorCode } from '../../sessions/errors.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPENING = new Set([0x5b, 0x7b]);
const CLOSING = new Set([0x5d, 0x7d]);

/** Most lists and objects in a JSON text, and how deep they may lie in each other. */
export interface JsonBounds {
  values: number;
  depth: number;
  /** What a text beyond them is refused with; without it ARCHIVE_INVALID. */
  code?: ErrorCode;
}

/** Whether a JSON text, well formed or not, stays within the bounds. One pass over the bytes. */
function isWithin(bytes: Uint8Array, bounds: JsonBounds): boolean {
  let values = 0;
  let depth = 0;
  let isText = false;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0;
    if (isText) {
      if (byte === BACKSLASH) at += 1;
      else if (byte === QUOTE) isText = false;
    } else if (byte === QUOTE) isText = true;
    else if (OPENING.has(byte)) {
      values += 1;
      depth += 1;
      if (values > bounds.values || depth > bounds.depth) return false;
    } else if (CLOSING.has(byte)) depth -= 1;
  }
  return true;
}

/**
 * Parses JSON of up to many megabytes from anybody. `JSON.parse` alone would take 17 s and 1.4 GB for 30 MiB of
 * brackets. Throws AppError `bounds.code` beyond the bounds, BAD_INPUT for what is no JSON.
 */
export function parseBoundedJson(bytes: Uint8Array, bounds: JsonBounds): unknown {
  if (!isWithin(bytes, bounds))
    throw new AppError(bounds.code ?? 'ARCHIVE_INVALID', {
      detail: 'It is nested too deep or has too many parts.',
    });
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch (cause) {
    throw new AppError('BAD_INPUT', { detail: 'That is not JSON.', cause });
  }
}
