import { describe, expect, it } from 'vitest';
import type { ModelScores } from '../findings.ts';
import { LABELS } from '../model/model-file.ts';
import { reportFiction, reportLabels, type ScoredRow } from './evaluate.ts';
import { fictionTable, labelTable, shortfalls } from './report.ts';

const NONE = Object.fromEntries(LABELS.map((label) => [label, 0])) as ModelScores;
const scored = (source: string, hate: number, label?: 0 | 1): ScoredRow => ({
  row: { id: '', text: '', source, labels: label === undefined ? {} : { hate: label } },
  scores: { ...NONE, hate },
});
const ROWS = [
  scored('edos2023', 0.9, 1),
  scored('edos2023', 0.6, 0),
  scored('edos2023', 0.5, 1),
  scored('edos2023', 0.2, 1),
  scored('edos2023', 1),
  scored('crd3', 0.7, 0),
  scored('crd3', 0.1, 0),
];

describe('reportLabels', () => {
  it('counts only rows whose label is known', () => {
    const hate = reportLabels(ROWS).find(({ label }) => label === 'hate');
    expect(hate).toMatchObject({ positives: 3, negatives: 3, precision: 0.5, recall: 2 / 3 });
    expect(hate?.auprc).toBeCloseTo((1 + 2 / 4 + 3 / 5) / 3, 12);
    expect(reportLabels(ROWS).find(({ label }) => label === 'sexual')).toMatchObject({
      positives: 0,
      auprc: 0,
    });
  });
});

describe('reportFiction', () => {
  it('tells the share of flagged texts for each source that has rows', () => {
    expect(reportFiction(ROWS)).toEqual([
      { source: 'crd3', rows: 2, any: 0.5, byLabel: { ...NONE, hate: 0.5 } },
    ]);
  });
});

describe('shortfalls', () => {
  const reports = { labels: reportLabels(ROWS), fiction: reportFiction(ROWS) };

  it('is empty at the floors', () => {
    expect(shortfalls(reports, { auprc: { hate: 0.7 }, falseAlarms: 0.5 })).toEqual([]);
  });

  it('names what is below its floor, and what flags too much', () => {
    expect(shortfalls(reports, { auprc: { hate: 0.71 }, falseAlarms: 0.49 })).toEqual([
      'AUPRC of hate is 0.700, floor 0.710',
      'hate flags 0.500 of crd3, at most 0.490',
    ]);
  });
});

describe('tables', () => {
  it('have a row for each label and source, all of one width', () => {
    for (const [table, rows] of [
      [labelTable(reportLabels(ROWS)), LABELS.length],
      [fictionTable(reportFiction(ROWS)), 1],
    ] as const) {
      const lines = table.split('\n');
      expect(lines).toHaveLength(rows + 2);
      expect(new Set(lines.map((line) => line.split('|').length)).size).toBe(1);
    }
    expect(labelTable(reportLabels(ROWS))).toContain('| hate | 3 | 3 | 0.500 | 0.667 |');
  });
});
