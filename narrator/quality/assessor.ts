import { calibrate, rawCoherence } from '../../sessions/measures/coherence.ts';
import { passageDiversity } from '../../sessions/measures/diversity.ts';
import { ReadingCache } from '../../sessions/measures/passage-reading.ts';
import {
  noScores,
  QUALITY_METRICS,
  type Background,
  type PassageQuality,
  type PassageToAssess,
  type Persona,
  type QualityAssessor,
  type QualityMetric,
  type QualityScores,
} from '../../sessions/quality.ts';
import { sha256 } from '../../sessions/secrets.ts';
import type { QualityBaseline } from './baseline.ts';
import { embeddingCoherence, type Embed } from './embedding-coherence.ts';
import { characterScore } from './persona.ts';
import { QualityJudge, type JudgingEngine } from './quality-judge.ts';
import { styleScore } from './style.ts';

/** One passage in so many is looked at more closely, whatever it scores. */
const SAMPLED = 5;
/** With more narrator turns waiting nobody is judged (requirement D2). */
const MOST_WAITING = 3;

type Measured = Pick<PassageQuality, 'scores' | 'methods'>;
type Thresholds = Readonly<Record<QualityMetric, number | null>>;

/** How the assessor is made. */
export interface AssessorOptions {
  baseline: QualityBaseline;
  /** Alert below these instead of the baseline's (S0.16); calibration stays as it is. */
  thresholds?: Partial<Record<QualityMetric, number>>;
  /** Whose model judges, where it can; null: nobody does. */
  engine: JudgingEngine | null;
  /** The sentence encoder, where there is one. */
  embed?: Embed | null;
}

/** Whether a passage is among those that are looked at more closely; the same passage always or never. */
export function isSampled(passageId: string): boolean {
  return Number.parseInt(sha256(passageId).slice(0, 8), 16) % SAMPLED === 0;
}

class PassageAssessor implements QualityAssessor {
  readonly background: Background;
  readonly thresholds: Thresholds;
  readonly #baseline: QualityBaseline;
  readonly #judge: QualityJudge | null;
  readonly #embed: Embed | null;
  readonly #readings = new ReadingCache();

  constructor({ baseline, thresholds, engine, embed = null }: AssessorOptions) {
    const { narrative_coherence, character_consistency, user_engagement, diversity, embedding_coherence } =
      baseline.metrics;
    this.background = baseline.background;
    this.thresholds = {
      ...noScores(),
      narrative_coherence: narrative_coherence.threshold,
      character_consistency: character_consistency.threshold,
      user_engagement: user_engagement.threshold,
      diversity: diversity.threshold,
      embedding_coherence: embedding_coherence?.threshold ?? null,
      ...thresholds,
    };
    this.#baseline = baseline;
    this.#judge = engine === null ? null : new QualityJudge(engine);
    this.#embed = embed;
  }

  assess(of: PassageToAssess, at: number): PassageQuality {
    const { version, metrics } = this.#baseline;
    const reading = this.#readings.of(of.text);
    const before = of.previous.map((text) => this.#readings.of(text));
    const scores = noScores();
    const methods: PassageQuality['methods'] = {};
    const measure = (metric: QualityMetric, score: number | null, method: string) => {
      if (score === null) return;
      scores[metric] = score;
      methods[metric] = method;
    };
    const coherence = rawCoherence(reading, before, this.background);
    // The anchors hold for the baseline's language only: what cannot be calibrated is not measured.
    if (coherence?.isCalibrated === true) {
      const { anchors, threshold } = metrics.narrative_coherence;
      measure('narrative_coherence', calibrate(coherence.raw, anchors, threshold), coherence.method);
    }
    const diversity = passageDiversity(reading, before);
    if (diversity !== null) {
      const { anchors, threshold } = metrics.diversity;
      measure('diversity', calibrate(diversity.raw, anchors, threshold), `D17-distinct/${version}`);
    }
    const character = characterScore(of);
    measure('character_consistency', character.score, 'D4-rules/1');
    measure('user_engagement', of.engagement, 'D5/1');
    return this.#quality(of, at, { scores, methods, voice: character.findings });
  }

  async deepen(
    of: PassageToAssess,
    fast: PassageQuality,
    signal: AbortSignal,
  ): Promise<PassageQuality | null> {
    if (!isSampled(of.passageId) && fast.below.length === 0) return null;
    const found = await Promise.all([this.#judged(of, signal), this.#embedded(of)]);
    const measured = found.filter((one) => one !== null);
    if (measured.length === 0 || signal.aborted) return null;
    const scores = measured.reduce<QualityScores>(
      (all, one) => ({ ...all, ...present(one.scores) }),
      fast.scores,
    );
    const methods = measured.reduce((all, one) => ({ ...all, ...one.methods }), fast.methods);
    return this.#quality(of, fast.at, { scores, methods, voice: fast.voice });
  }

  styleOf(persona: Persona, passages: readonly string[], others: readonly string[]): number | null {
    const { style, character_consistency } = this.#baseline.metrics;
    if (style === null) return null;
    return styleScore({ persona, passages, others }, style.anchors, character_consistency.threshold);
  }

  async #judged(of: PassageToAssess, signal: AbortSignal): Promise<Measured | null> {
    const method = this.#judge?.method ?? null;
    if (this.#judge === null || method === null || of.narratorWaiting > MOST_WAITING) return null;
    const verdict = await this.#judge.judge(of, signal);
    if (verdict === null) return null;
    const { coherence, voice, engagement } = verdict;
    const hasCast = of.cast.length > 0;
    return {
      scores: {
        ...noScores(),
        judge_coherence: of.previous.length === 0 ? null : coherence,
        judge_voice: hasCast ? voice : null,
        judge_engagement: engagement,
      },
      methods: {
        ...(of.previous.length === 0 ? {} : { judge_coherence: method }),
        ...(hasCast ? { judge_voice: method } : {}),
        judge_engagement: method,
      },
    };
  }

  async #embedded(of: PassageToAssess): Promise<Measured | null> {
    if (this.#embed === null) return null;
    const raw = await embeddingCoherence(of.text, of.previous, this.#embed).catch(() => null);
    if (raw === null) return null;
    const { version, metrics } = this.#baseline;
    const known = metrics.embedding_coherence;
    const score =
      known === null ? Math.min(1, Math.max(0, raw)) : calibrate(raw, known.anchors, known.threshold);
    return {
      scores: { ...noScores(), embedding_coherence: score },
      methods: { embedding_coherence: known === null ? 'D3-raw/1' : `D3/${version}` },
    };
  }

  #quality(
    { sessionId, passageId, alternativeId, authorKind, version }: PassageToAssess,
    at: number,
    measured: Measured & Pick<PassageQuality, 'voice'>,
  ): PassageQuality {
    const below = QUALITY_METRICS.filter((metric) => {
      const score = measured.scores[metric];
      const threshold = this.thresholds[metric];
      return score !== null && threshold !== null && score < threshold;
    });
    const ids = { sessionId, passageId, alternativeId, authorKind, version };
    return { ...ids, at, ...measured, thresholdVersion: this.#baseline.version, below };
  }
}

/** The scores that there are. */
function present(scores: QualityScores): Partial<QualityScores> {
  return Object.fromEntries(Object.entries(scores).filter(([, score]) => score !== null));
}

/** Measures passages by a baseline; judge and encoder where there are any. */
export function createAssessor(options: AssessorOptions): QualityAssessor {
  return new PassageAssessor(options);
}
