import { metricsOf, noScores, QUALITY_METRICS, type QualityMetric, type QualityScores } from './quality.ts';

/** Weight of the newest score in the mean (requirement S0.16). */
const ALPHA = 0.2;
/** No alert before a metric has this many scores. */
const ENOUGH_SCORES = 5;
/** A metric alerts once in this time. */
const REST_MS = 10 * 60_000;

interface Course {
  mean: number;
  scores: number;
  /** Epoch ms; null: never. */
  alertedAt: number | null;
}

/** What one session's passages score over time (J6): an exponentially weighted mean per metric. Pure; time is passed in. */
export class SessionQuality {
  private readonly thresholds: Readonly<Record<QualityMetric, number | null>>;
  private readonly courses = new Map<QualityMetric, Course>();

  constructor(thresholds: Readonly<Record<QualityMetric, number | null>>) {
    this.thresholds = thresholds;
  }

  /**
   * Takes the scores of one passage as they were measured at `at` (epoch ms); `isDeeper`: only its sampled metrics are
   * new. Answers the metrics that alert now. What is null counts for nothing.
   */
  take(scores: QualityScores, at: number, isDeeper = false): QualityMetric[] {
    return metricsOf(isDeeper).filter((metric) => {
      const score = scores[metric];
      if (score === null) return false;
      const course = this.add(metric, score);
      if (!this.isUnder(metric, course)) return false;
      if (course.alertedAt !== null && at - course.alertedAt < REST_MS) return false;
      course.alertedAt = at;
      return true;
    });
  }

  /** The weighted means; null: nothing measured. */
  get means(): QualityScores {
    const means = noScores();
    for (const [metric, { mean }] of this.courses) means[metric] = mean;
    return means;
  }

  /** Metrics whose mean over enough scores is under the threshold now. */
  get below(): QualityMetric[] {
    return QUALITY_METRICS.filter((metric) => {
      const course = this.courses.get(metric);
      return course !== undefined && this.isUnder(metric, course);
    });
  }

  private add(metric: QualityMetric, score: number): Course {
    const course = this.courses.get(metric) ?? { mean: score, scores: 0, alertedAt: null };
    course.mean += ALPHA * (score - course.mean);
    course.scores += 1;
    this.courses.set(metric, course);
    return course;
  }

  private isUnder(metric: QualityMetric, { mean, scores }: Course): boolean {
    const threshold = this.thresholds[metric];
    return threshold !== null && scores >= ENOUGH_SCORES && mean < threshold;
  }
}
