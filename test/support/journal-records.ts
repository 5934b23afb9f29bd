import type { JournalRecord } from '../../sessions/ports.ts';

const encoder = new TextEncoder();

/** A journal record with text as its data. */
export function record(seq: number, text: string, more: Partial<JournalRecord> = {}): JournalRecord {
  const base = { seq, at: 1_000 + seq, kind: 'event', doc: 'state', author: 'p1' } as const;
  return { ...base, data: encoder.encode(text), ...more };
}

/** Records `from` to `to`, both included. */
export function records(from: number, to: number): JournalRecord[] {
  return Array.from({ length: to - from + 1 }, (_, index) => record(from + index, `r${from + index}`));
}
