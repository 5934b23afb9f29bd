import { DriftWatch } from '../narrator/quality/drift.ts';
import type { FeedbackType } from '../sessions/feedback.ts';
import type { OpsVersion } from '../sessions/ops-view.ts';
import { metricsOf, QUALITY_METRICS, type PassageQuality, type QualityMetric } from '../sessions/quality.ts';
import type { VersionFeedback } from './feedback-stats.ts';
import { spearman } from './rank-correlation.ts';

/** Versions that are counted; beyond, the one that was not used for the longest time is forgotten. */
const MOST_VERSIONS = 32;
/** Passages whose scores wait for ratings, and ratings that are compared with them; the newest ones. */
const MOST_SCORED = 2_000;
const MOST_RATED = 1_000;
/** Fewer pairs tell no correlation. */
const ENOUGH_PAIRS = 10;

/** Metrics that claim to tell what a reader would say of coherence. */
const PROXIES = ['narrative_coherence', 'judge_coherence'] as const;
type Proxy = (typeof PROXIES)[number];

type DriftState = 0 | 1 | 2;

/** What the board tells others. */
export interface QualityBoardHooks {
  /** The drift of a metric of a version has changed; never called for what stays. */
  onDrift: (of: { metric: QualityMetric; version: string; before: DriftState; after: DriftState }) => void;
}

/** How well a measure of coherence agrees with readers (requirement S2.M5). */
export interface Agreement {
  metric: Proxy;
  /** Ratings of passages that this metric has measured. */
  pairs: number;
  /** Spearman's rank correlation; null: too few, or all the same. */
  spearman: number | null;
}

interface Rated {
  passageId: string;
  rating: number;
}

/** Sets a key as the newest one, and forgets the oldest beyond a limit. */
function remember<T>(map: Map<string, T>, key: string, value: T, most: number): void {
  map.delete(key);
  map.set(key, value);
  const [oldest] = map.keys();
  if (map.size > most && oldest !== undefined) map.delete(oldest);
}

const modelOf = (version: string): string =>
  version.includes('@') ? version.slice(0, version.lastIndexOf('@')) : version;

const NO_FEEDBACK: OpsVersion['feedback'] = {
  positive: 0,
  neutral: 0,
  negative: 0,
  brokeStory: 0,
  rating: null,
};

function feedbackOf(of: VersionFeedback | undefined): OpsVersion['feedback'] {
  if (of === undefined) return NO_FEEDBACK;
  const { positive, neutral, negative, broke_story: brokeStory } = of.byType;
  return {
    positive: positive.count,
    neutral: neutral.count,
    negative: negative.count,
    brokeStory: brokeStory.count,
    rating: of.meanRating,
  };
}

/**
 * How the versions of the narrator do, over all sessions of this server. In memory, since the start; feedback comes from
 * its store. People's own passages count for nothing here.
 */
export class QualityBoard {
  private readonly hooks: QualityBoardHooks;
  private readonly drift = new DriftWatch();
  private readonly passages = new Map<string, number>();
  private readonly scored = new Map<string, Partial<Record<Proxy, number>>>();
  private readonly rated = new Map<string, Rated>();

  constructor(hooks: QualityBoardHooks) {
    this.hooks = hooks;
  }

  /** A passage was measured; `isDeeper`: its sampled metrics came later. */
  take(quality: PassageQuality, isDeeper: boolean): void {
    const { version, passageId, scores, authorKind } = quality;
    if (authorKind !== 'narrator' || version === null) return;
    if (!isDeeper) remember(this.passages, version, (this.passages.get(version) ?? 0) + 1, MOST_VERSIONS);
    for (const metric of metricsOf(isDeeper)) {
      const score = scores[metric];
      if (score === null) continue;
      const { before, after } = this.drift.add({ metric, version, passageId, score });
      if (before !== null && after !== null && before !== after)
        this.hooks.onDrift({ metric, version, before, after });
    }
    const proxies = PROXIES.flatMap((metric) => {
      const score = scores[metric];
      return score === null ? [] : [[metric, score] as const];
    });
    remember(this.scored, passageId, Object.fromEntries(proxies), MOST_SCORED);
  }

  /** A reader has said something about a passage; the newest counts. What is disliked is no model of health. */
  takeFeedback(of: { passageId: string; playerId: string; type: FeedbackType; rating: number | null }): void {
    const { passageId, playerId, type, rating } = of;
    if (type === 'negative' || type === 'broke_story') this.drift.exclude(passageId);
    const key = `${passageId} ${playerId}`;
    if (rating === null) this.rated.delete(key);
    else remember(this.rated, key, { passageId, rating }, MOST_RATED);
  }

  /** Passages were taken back or purged: nothing is learnt from them any more. */
  exclude(passageIds: readonly string[]): void {
    for (const passageId of passageIds) {
      this.drift.exclude(passageId);
      this.scored.delete(passageId);
    }
  }

  /** All versions that wrote or were spoken of, the current one (null: none yet) first. `feedback`: see `feedbackStats`. */
  versions(current: string | null, feedback: readonly VersionFeedback[]): OpsVersion[] {
    const said = new Map(feedback.map((of) => [of.version, of]));
    const spoken = feedback.flatMap(({ version }) => (version === null ? [] : [version]));
    const own = current === null ? [] : [current];
    const names = [...new Set([...own, ...[...this.passages.keys()].reverse(), ...spoken])];
    return names.slice(0, MOST_VERSIONS).map((version) => ({
      version,
      model: modelOf(version),
      isCurrent: version === current,
      passages: this.passages.get(version) ?? 0,
      quality: this.meansOf(version),
      drift: this.driftOf(version),
      feedback: feedbackOf(said.get(version)),
    }));
  }

  /** How well the measures of coherence agree with what readers rated. */
  agreement(): Agreement[] {
    return PROXIES.map((metric) => {
      const pairs = [...this.rated.values()].flatMap(({ passageId, rating }) => {
        const score = this.scored.get(passageId)?.[metric];
        return score === undefined ? [] : [[score, rating] as const];
      });
      return { metric, pairs: pairs.length, spearman: pairs.length < ENOUGH_PAIRS ? null : spearman(pairs) };
    });
  }

  private meansOf(version: string): OpsVersion['quality'] {
    const means: OpsVersion['quality'] = {};
    for (const metric of QUALITY_METRICS) {
      const scores = this.drift.scores(version, metric);
      means[metric] =
        scores.length === 0 ? null : scores.reduce((sum, score) => sum + score, 0) / scores.length;
    }
    return means;
  }

  private driftOf(version: string): OpsVersion['drift'] {
    const drift: OpsVersion['drift'] = {};
    for (const metric of QUALITY_METRICS) {
      const reading = this.drift.reading(version, metric);
      drift[metric] =
        reading === null ? null : { state: reading.state, cusum: reading.cusum, legacyZ: reading.legacyZ };
    }
    return drift;
  }
}
