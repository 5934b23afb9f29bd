import { z } from 'zod';
import { LABELS } from '../model/model-file.ts';
import type { FictionReport, LabelReport } from './evaluate.ts';

// Reports as Markdown tables, and the floors that they are held against.

const share = (value: number): string => value.toFixed(3);

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(heads), line(heads.map(() => '---')), ...rows.map(line)].join('\n');
}

/** A row per label: positives, negatives, precision, recall and F1 at 0.5, AUPRC, expected calibration error. */
export function labelTable(reports: readonly LabelReport[]): string {
  return table(
    ['label', 'positives', 'negatives', 'precision', 'recall', 'F1', 'AUPRC', 'ECE'],
    reports.map((of) => [
      of.label,
      String(of.positives),
      String(of.negatives),
      ...[of.precision, of.recall, of.f1, of.auprc, of.calibrationError].map(share),
    ]),
  );
}

/** A row per source of clean fiction: share of texts flagged at 0.5 by any head, and by each. */
export function fictionTable(reports: readonly FictionReport[]): string {
  return table(
    ['clean fiction', 'texts', 'any', ...LABELS],
    reports.map((of) => [
      of.source,
      String(of.rows),
      share(of.any),
      ...LABELS.map((label) => share(of.byLabel[label])),
    ]),
  );
}

const floorSchema = z.object({
  /** Least AUPRC by label; a label that is not named has no floor. */
  auprc: z.partialRecord(z.enum(LABELS), z.number()),
  /** Most of the clean fiction of a source that one head may flag. */
  falseAlarms: z.number(),
});
/** What a set of rows must reach. */
export type Floor = z.infer<typeof floorSchema>;

export const floorsSchema = z.object({
  dev: floorSchema,
  test: floorSchema,
  bundled: floorSchema,
  /** Most milliseconds that 95 of 100 texts of 650 characters may take, without and with the encoder. */
  p95Ms: z.object({ words: z.number(), encoder: z.number() }),
});

/** What falls short of a floor, in words; empty when nothing does. */
export function shortfalls(
  reports: { labels: readonly LabelReport[]; fiction: readonly FictionReport[] },
  floor: Floor,
): string[] {
  const weak = reports.labels
    .filter((of) => of.auprc < (floor.auprc[of.label] ?? 0))
    .map((of) => `AUPRC of ${of.label} is ${share(of.auprc)}, floor ${share(floor.auprc[of.label] ?? 0)}`);
  const loud = reports.fiction.flatMap((of) =>
    LABELS.filter((label) => of.byLabel[label] > floor.falseAlarms).map(
      (label) =>
        `${label} flags ${share(of.byLabel[label])} of ${of.source}, at most ${share(floor.falseAlarms)}`,
    ),
  );
  return [...weak, ...loud];
}
