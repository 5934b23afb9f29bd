import type {
  DecisionEntry,
  LabelledRow,
  ModerationLog,
  ModeratorInfo,
  ReviewEntry,
} from '../sessions/moderator.ts';
import {
  categoryLabel,
  piiLabel,
  type ModerationMetrics,
  type ViolationStage,
} from './moderation-metrics.ts';

/** Passages that must have been delivered before their share without a fault says anything (rule of three). */
const ENOUGH_DELIVERIES = 3_000;
/** Reviews before the precision of the decisions against texts says anything. */
const ENOUGH_REVIEWS = 20;

/** Texts of these channels are or become passages. */
const OF_PASSAGES: ReadonlySet<string> = new Set(['story', 'draft', 'narrator']);

/** What operators see of moderation beside its metrics. Counts are since the start of the server. */
export interface ModerationPanel extends ModeratorInfo {
  queue: { items: number; oldestSeconds: number };
  decisions: number;
  reviews: number;
  overturned: number;
  /** Share of reviewed decisions that people agreed with; null: too few to say. */
  precision: number | null;
  safety: {
    status: 'ok' | 'insufficient';
    delivered: number;
    violations: number;
    /** 1 - violations found after delivery / deliveries; null: too few to say. */
    passRatio: number | null;
  };
}

/** Where a decision against a text caught it; null: it was not against it. */
function violationStage({ stage, verdict }: DecisionEntry): ViolationStage | null {
  if (verdict.action === 'allow' || verdict.action === 'warn') return null;
  if (stage === 'delivered') return 'delivered';
  return verdict.action === 'hold' ? 'held' : 'input';
}

/** Counts what goes into the moderation log, and passes it on. */
export class ModerationReporter implements ModerationLog {
  readonly #metrics: ModerationMetrics;
  readonly #log: ModerationLog;
  #decisions = 0;
  #reviews = 0;
  #overturned = 0;
  #delivered = 0;
  #violations = 0;

  constructor(metrics: ModerationMetrics, log: ModerationLog) {
    this.#metrics = metrics;
    this.#log = log;
  }

  decided(entry: DecisionEntry): void {
    const { verdict, channel } = entry;
    const category = categoryLabel(verdict.harm);
    this.#decisions += 1;
    this.#metrics.moderationDecisions.inc({
      action: verdict.action,
      // A mild harm may be named where all is allowed: the label set has none there.
      category: verdict.action === 'allow' ? categoryLabel(null) : category,
      source: channel,
    });
    const stage = violationStage(entry);
    if (stage !== null) this.#metrics.policyViolations.inc({ category, stage });
    if (stage === 'delivered' && OF_PASSAGES.has(channel)) this.#violations += 1;
    if (verdict.action === 'redact') {
      for (const { source, label } of verdict.spans)
        if (source === 'pii') this.#metrics.piiRedactions.inc({ kind: piiLabel(label) });
    }
    this.#log.decided(entry);
  }

  reviewed(entry: ReviewEntry): void {
    if (entry.review === 'upheld') {
      this.#violations += 1;
      this.#metrics.policyViolations.inc({ category: categoryLabel(entry.harm), stage: 'delivered' });
    } else if (entry.review !== 'undone') {
      // What is undone will be decided once more.
      this.#reviews += 1;
    }
    if (entry.isOverturn) {
      this.#overturned += 1;
      this.#metrics.moderationOverturned.inc({ category: categoryLabel(entry.harm) });
    }
    this.#log.reviewed(entry);
  }

  labelled(row: LabelledRow): void {
    this.#log.labelled(row);
  }

  purge(sessionId: string, texts: readonly string[]): Promise<void> {
    return this.#log.purge(sessionId, texts);
  }

  /** A passage has been shown to the table. */
  passageDelivered(): void {
    this.#delivered += 1;
  }

  /** The figures as they are now. */
  panel(info: ModeratorInfo, queue: ModerationPanel['queue']): ModerationPanel {
    const isEnough = this.#delivered >= ENOUGH_DELIVERIES;
    return {
      ...info,
      queue,
      decisions: this.#decisions,
      reviews: this.#reviews,
      overturned: this.#overturned,
      precision: this.#reviews < ENOUGH_REVIEWS ? null : 1 - this.#overturned / this.#reviews,
      safety: {
        status: isEnough ? 'ok' : 'insufficient',
        delivered: this.#delivered,
        violations: this.#violations,
        passRatio: isEnough ? 1 - this.#violations / this.#delivered : null,
      },
    };
  }
}
