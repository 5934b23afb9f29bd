import type { ModelScores } from '../findings.ts';
import { LABELS, type Label } from '../model/model-file.ts';
import { FICTION, type Row } from './data.ts';
import { auprc, calibrationError, countsAt, type Counts, type Scored } from './metrics.ts';

/** A labelled text and what the model says of it. */
export interface ScoredRow {
  row: Row;
  scores: ModelScores;
}

/** How one head does on the rows whose label is known. */
export interface LabelReport extends Counts {
  label: Label;
  positives: number;
  negatives: number;
  auprc: number;
  calibrationError: number;
}

/** Clean fiction of one source: the share of its texts that a head flags, and that any head flags. */
export interface FictionReport {
  source: string;
  rows: number;
  any: number;
  byLabel: Record<Label, number>;
}

/** Scores and labels of the rows that say something about a label. */
function scoredFor(rows: readonly ScoredRow[], label: Label): Scored[] {
  return rows.flatMap(({ row, scores }) => {
    const known = row.labels[label];
    return known === undefined ? [] : [{ score: scores[label], isPositive: known === 1 }];
  });
}

/** One report per label, in the order of the heads. */
export function reportLabels(rows: readonly ScoredRow[]): LabelReport[] {
  return LABELS.map((label) => {
    const scored = scoredFor(rows, label);
    const positives = scored.filter(({ isPositive }) => isPositive).length;
    return {
      label,
      positives,
      negatives: scored.length - positives,
      ...countsAt(scored, 0.5),
      auprc: auprc(scored),
      calibrationError: calibrationError(scored),
    };
  });
}

/** One report per source of clean fiction that has rows. */
export function reportFiction(rows: readonly ScoredRow[]): FictionReport[] {
  return FICTION.flatMap((source) => {
    const own = rows.filter(({ row }) => row.source === source);
    if (own.length === 0) return [];
    const share = (isFlagged: (scores: ModelScores) => boolean) =>
      own.filter(({ scores }) => isFlagged(scores)).length / own.length;
    const byLabel = LABELS.map((label) => [label, share((scores) => scores[label] >= 0.5)] as const);
    return [
      {
        source,
        rows: own.length,
        any: share((scores) => LABELS.some((label) => scores[label] >= 0.5)),
        byLabel: Object.fromEntries(byLabel) as Record<Label, number>,
      },
    ];
  });
}
