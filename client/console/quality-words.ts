import type { MonitorView, QualityView } from '../../sessions/monitor-view.ts';
import { QUALITY_METRICS, type QualityMetric } from '../../sessions/quality.ts';
import { HEALTH_TEXT, type QualityGrade } from './health-strings.ts';

/** The median of healthy passages on the calibrated scale (requirements D0). */
const MEDIAN = 0.93;

/** What a score says: under its threshold, or like the better or the other half of healthy passages. */
export function gradeOf(score: number, isBelow: boolean): QualityGrade {
  if (isBelow) return 'below';
  return score >= MEDIAN ? 'good' : 'usual';
}

/** A measure of a passage, as it is told. */
export interface ScoreRow {
  metric: QualityMetric;
  name: string;
  grade: QualityGrade;
  words: string;
}

/** What was measured of a passage, low scores first; what was not is left out. */
export function scoreRows({ scores, below }: Pick<QualityView, 'scores' | 'below'>): ScoreRow[] {
  const { metrics, grades, score: told } = HEALTH_TEXT.quality;
  const rows = QUALITY_METRICS.flatMap((metric) => {
    const score = scores[metric];
    if (score === null) return [];
    const grade = gradeOf(score, below.includes(metric));
    return [{ metric, name: metrics[metric], grade, words: told(grades[grade], score.toFixed(2)) }];
  });
  return rows.toSorted((a, b) => Number(b.grade === 'below') - Number(a.grade === 'below'));
}

const byPassage = new WeakMap<readonly QualityView[], ReadonlyMap<string, QualityView>>();

/** The quality of a passage if it is among the newest measured ones. */
export function qualityOf(health: MonitorView | null, passageId: string): QualityView | null {
  if (health === null) return null;
  const known =
    byPassage.get(health.passages) ?? new Map(health.passages.map((view) => [view.passageId, view]));
  byPassage.set(health.passages, known);
  return known.get(passageId) ?? null;
}

/**
 * The figures that have just come, with the views of passages that have not changed taken from those before: what
 * shows one renders again only when it is another one.
 */
export function withKnownPassages(before: MonitorView | null, now: MonitorView): MonitorView {
  if (before === null) return now;
  const known = new Map(before.passages.map((view) => [view.passageId, view]));
  const passages = now.passages.map((view) => {
    const old = known.get(view.passageId);
    return old !== undefined && JSON.stringify(old) === JSON.stringify(view) ? old : view;
  });
  const isSame =
    passages.length === before.passages.length &&
    passages.every((view, index) => view === before.passages[index]);
  return { ...now, passages: isSame ? before.passages : passages };
}
