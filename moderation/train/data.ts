import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { z } from 'zod';
import { murmur3 } from '../model/murmur3.ts';
import { LABELS } from '../model/model-file.ts';

// The labelled rows that the model is made from. They are offensive: nothing here prints a text.

const rowSchema = z.object({
  id: z.string(),
  text: z.string(),
  /** What the source says: 1 or 0; a label that is missing is unknown, not 0. */
  labels: z.partialRecord(z.enum(LABELS), z.union([z.literal(0), z.literal(1)])),
  source: z.string(),
});
export type Row = z.infer<typeof rowSchema>;

/** The split that each row belongs to; a tenth of the training rows, by hash of their texts, is kept for the report. */
export interface Splits {
  train: Row[];
  dev: Row[];
  test: Row[];
}

/** Sources of clean fiction and live play: what must not be flagged. */
export const FICTION: readonly string[] = ['crd3', 'fairytaleqa'];

/** Rows of JSON lines, gzipped or not. Throws when a line is not a row. */
export function parseRows(file: Buffer): Row[] {
  const isGzip = file[0] === 0x1f && file[1] === 0x8b;
  const lines = (isGzip ? gunzipSync(file) : file).toString('utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => rowSchema.parse(JSON.parse(line)));
}

function isTest({ text }: Row): boolean {
  return murmur3(new TextEncoder().encode(text), 97) % 10 === 0;
}

/** Reads `train.jsonl.gz` and `dev.jsonl` of a folder. */
export function readSplits(folder: string): Splits {
  const rows = parseRows(readFileSync(join(folder, 'train.jsonl.gz')));
  return {
    train: rows.filter((row) => !isTest(row)),
    dev: parseRows(readFileSync(join(folder, 'dev.jsonl'))),
    test: rows.filter(isTest),
  };
}

/** Shorter and longer pieces of a text are no sentences to learn from. */
const SENTENCE = { least: 15, most: 400 } as const;

/**
 * The single sentences of the clean fiction among the rows, each as a row of its own: the long texts alone do not
 * teach what a short clean line looks like.
 */
export function fictionSentences(rows: readonly Row[]): Row[] {
  return rows
    .filter(({ source }) => FICTION.includes(source))
    .flatMap((row) => {
      const pieces = row.text.match(/[^.!?]+[.!?]+["'\u2019\u201d]*/g) ?? [];
      return pieces
        .map((piece) => piece.trim())
        .filter(
          ({ length }) =>
            length >= SENTENCE.least && length <= SENTENCE.most && length < row.text.length * 0.9,
        )
        .map((text, at) => ({ ...row, id: `${row.id}/${at}`, text }));
    });
}
