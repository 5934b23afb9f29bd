import type { QualityMetric } from '../../sessions/quality.ts';
import { fallFrom, meanOf, varianceOf } from './score-fall.ts';

/** Healthy passages from which a version's mean and spread are learnt, once. */
const BASELINE_PASSAGES = 200;
/** Slack and limit of the cumulative sum, in sigma (Page 1954; Montgomery, Statistical Quality Control, ch. 9). */
const CUSUM = { slack: 0.5, limit: 10 };
/** Tolerance and limit of the Page-Hinkley test, in sigma (Hinkley 1971; Gama et al. 2014, section 3.2). */
const PAGE_HINKLEY = { slack: 0.5, limit: 10 };
/** Sums end here, so that a version that has recovered is seen to be well again soon. */
const MOST_SUM = 20;
/** Scores kept of each metric and version (requirement S1.10). */
const WINDOW = 1_000;
const LEAST_RECENT = 30;
/** The former way of the seeds says nothing up to here. */
const LEGACY_SILENT = 100;
/** Versions that are watched; beyond, the one that was not used for the longest time is forgotten. */
const MOST_VERSIONS = 8;

/** What is known of one metric of one version (requirement D18). */
export interface DriftReading {
  /** 0 none, 1 suspect: one of the two tests alarms, 2 drift: both do. */
  state: 0 | 1 | 2;
  /** In sigma; the limit is 10. */
  cusum: number;
  pageHinkley: number;
  /** Welch's z of the newest 30, or 10 % where that is more, against the rest; negative: worse. Null: too few. */
  welchZ: number | null;
  /** The figure of the former way: newest 10 % against the rest, over the spread of single values. Never decides. */
  legacyZ: number | null;
}

/** A score of a passage by one version. */
export interface DriftSample {
  metric: QualityMetric;
  version: string;
  passageId: string;
  /** 0 to 1. */
  score: number;
}

const bounded = (sum: number): number => Math.min(MOST_SUM, Math.max(0, sum));

/** Both tests against a frozen baseline; falling scores raise the sums. */
class FallTests {
  readonly #fall: (score: number) => number;
  /** Mean fall of all passages since the first of the baseline: what Page-Hinkley compares with. */
  #runningFall = 0;
  #count: number;
  cusum = 0;
  pageHinkley = 0;

  constructor(baseline: readonly number[]) {
    this.#fall = fallFrom(baseline);
    this.#count = baseline.length;
  }

  add(score: number): void {
    const fall = this.#fall(score);
    this.#count += 1;
    this.#runningFall += (fall - this.#runningFall) / this.#count;
    this.cusum = bounded(this.cusum + fall - CUSUM.slack);
    this.pageHinkley = bounded(this.pageHinkley + fall - this.#runningFall - PAGE_HINKLEY.slack);
  }

  get state(): 0 | 1 | 2 {
    const isFallen = this.cusum > CUSUM.limit;
    const isConfirmed = this.pageHinkley > PAGE_HINKLEY.limit;
    if (isFallen && isConfirmed) return 2;
    return isFallen || isConfirmed ? 1 : 0;
  }
}

function welchZ(scores: readonly number[]): number | null {
  const count = Math.max(LEAST_RECENT, Math.floor(scores.length / 10));
  const rest = scores.slice(0, -count);
  if (rest.length < LEAST_RECENT) return null;
  const recent = scores.slice(-count);
  const error = Math.sqrt(varianceOf(recent) / recent.length + varianceOf(rest) / rest.length);
  return error === 0 ? null : (meanOf(recent) - meanOf(rest)) / error;
}

function legacyZ(scores: readonly number[]): number | null {
  if (scores.length <= LEGACY_SILENT) return null;
  const count = Math.floor(scores.length / 10);
  const rest = scores.slice(0, -count);
  const sigma = Math.sqrt(varianceOf(rest));
  return sigma === 0 ? null : (meanOf(scores.slice(-count)) - meanOf(rest)) / sigma;
}

/** The newest scores of one metric of one version, in a ring. */
class ScoreCourse {
  readonly #ring: number[] = [];
  #next = 0;
  /** What the baseline will be learnt from; null: it is frozen. */
  #pending: Map<string, number> | null = new Map();
  #tests: FallTests | null = null;

  add(passageId: string, score: number): void {
    this.#ring[this.#next] = score;
    this.#next = (this.#next + 1) % WINDOW;
    this.#tests?.add(score);
    if (this.#pending === null) return;
    this.#pending.set(passageId, score);
    if (this.#pending.size < BASELINE_PASSAGES) return;
    this.#tests = new FallTests([...this.#pending.values()]);
    this.#pending = null;
  }

  exclude(passageId: string): void {
    this.#pending?.delete(passageId);
  }

  /** Oldest first. */
  get scores(): number[] {
    return [...this.#ring.slice(this.#next), ...this.#ring.slice(0, this.#next)];
  }

  get state(): 0 | 1 | 2 | null {
    return this.#tests?.state ?? null;
  }

  reading(): DriftReading | null {
    if (this.#tests === null) return null;
    const { state, cusum, pageHinkley } = this.#tests;
    const { scores } = this;
    return { state, cusum, pageHinkley, welchZ: welchZ(scores), legacyZ: legacyZ(scores) };
  }
}

/**
 * Watches the scores of narrator versions for getting worse. A version is compared with its own first 200 passages;
 * until it has them there is no reading. In memory only: a restart begins anew.
 */
export class DriftWatch {
  readonly #versions = new Map<string, Map<QualityMetric, ScoreCourse>>();

  /** Takes one score; answers the state before and after it, null without a baseline. */
  add({ metric, version, passageId, score }: DriftSample): {
    before: 0 | 1 | 2 | null;
    after: 0 | 1 | 2 | null;
  } {
    const courses = this.#coursesOf(version);
    const course = courses.get(metric) ?? new ScoreCourse();
    courses.set(metric, course);
    const before = course.state;
    course.add(passageId, score);
    return { before, after: course.state };
  }

  /** A passage that was taken back or disliked is no model of health: no baseline learns from it any more. */
  exclude(passageId: string): void {
    for (const courses of this.#versions.values())
      for (const course of courses.values()) course.exclude(passageId);
  }

  /** Versions that are watched, the one with the newest passage last. */
  get versions(): string[] {
    return [...this.#versions.keys()];
  }

  /** Null: no baseline yet. */
  reading(version: string, metric: QualityMetric): DriftReading | null {
    return this.#versions.get(version)?.get(metric)?.reading() ?? null;
  }

  /** Its last 1,000 scores, oldest first. */
  scores(version: string, metric: QualityMetric): number[] {
    return this.#versions.get(version)?.get(metric)?.scores ?? [];
  }

  #coursesOf(version: string): Map<QualityMetric, ScoreCourse> {
    const courses = this.#versions.get(version) ?? new Map<QualityMetric, ScoreCourse>();
    this.#versions.delete(version);
    this.#versions.set(version, courses);
    const [oldest] = this.#versions.keys();
    if (this.#versions.size > MOST_VERSIONS && oldest !== undefined) this.#versions.delete(oldest);
    return courses;
  }
}
