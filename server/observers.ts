import type { Logger } from 'pino';
import type { NarratorObserver } from '../narrator/narrator-observer.ts';
import type { NarratorQueue } from '../narrator/narrator-queue.ts';
import { AppError } from '../sessions/errors.ts';
import type { ErrorCode } from '../sessions/errors.ts';
import type { SessionObserver } from '../sessions/peers.ts';
import type { Sessions } from '../sessions/sessions.ts';
import type { PREPARED_LABELS } from './metric-labels.ts';
import { refusalLabel, type Metrics } from './metrics.ts';
import type { ModerationReporter } from './moderation-reporter.ts';
import { CIRCUIT } from './queue-metrics.ts';

/** The one endpoint there is so far: what the model is used for. */
const ENDPOINT = 'narrator';
const PRIORITY = 'narrator';
/** A longer gap in the text of a turn counts as a stall, ms. */
const STALL_MS = 2_000;

/** Values of `reason` of llm_queue_rejected_total. */
const REJECTED: Partial<Record<ErrorCode, (typeof PREPARED_LABELS.queueRefusal)[number]>> = {
  NARRATOR_BUSY: 'busy',
  NARRATOR_QUEUE_FULL: 'full',
  NARRATOR_BUDGET: 'budget',
  NARRATOR_LOOP: 'loop',
  NARRATOR_OFF: 'off',
};

/** What sessions report, as metrics. */
export function sessionObserver(metrics: Metrics, moderation: ModerationReporter): SessionObserver {
  return {
    editPropagated: (seconds) => metrics.editPropagation.observe(seconds),
    updateRefused: (fault) => metrics.refusedUpdates.inc({ reason: refusalLabel(fault) }),
    merged: (seconds) => metrics.merge.observe(seconds),
    passageCommitted: (authorKind) => {
      metrics.passages.inc({ author_kind: authorKind });
      moderation.passageDelivered();
    },
    turnEnded: (outcome) => metrics.turns.inc({ outcome }),
    rolledBack: ({ scope, timing, disruption, waitedSeconds }) => {
      metrics.rollbacks.inc({ scope, timing });
      metrics.rollbackDisruption.observe(disruption);
      metrics.rollbackWait.observe(waitedSeconds);
    },
    turnWaited: (seconds) => metrics.turnWait.observe(seconds),
    assessed: () => undefined,
    monitored: () => undefined,
    intervened: () => undefined,
    feedbackGiven: () => undefined,
    sessionUnloaded: (seconds) => metrics.sessionDuration.observe(seconds),
  };
}

/** What the narrator reports, as metrics and log lines. `model` is the label of the configured model. */
export function narratorObserver(
  metrics: Metrics,
  of: { log: Logger; model: string },
): Partial<NarratorObserver> {
  const { log, model } = of;
  const labels = { model, endpoint: ENDPOINT };
  return {
    refused: (code) => {
      metrics.llmRequests.inc({ ...labels, status: 'rejected' });
      metrics.llmRejected.inc({ reason: REJECTED[code] ?? 'other' });
    },
    granted: (waitMs) => metrics.llmQueueWait.observe({ priority: PRIORITY }, waitMs / 1_000),
    firstToken: ({ sinceGrantMs, sinceAskedMs }) => {
      metrics.llmFirstToken.observe(labels, sinceGrantMs / 1_000);
      metrics.llmAcceptToFirstToken.observe(labels, sinceAskedMs / 1_000);
    },
    finished: ({ status, timing, inputTokens, outputTokens }) => {
      metrics.llmRequests.inc({ ...labels, status });
      metrics.llmDuration.observe(labels, (timing.totalMs - timing.queueMs) / 1_000);
      metrics.llmTokens.inc({ model, type: 'input' }, inputTokens);
      metrics.llmTokens.inc({ model, type: 'output' }, outputTokens);
    },
    gap: (ms) => {
      metrics.llmTokenGap.observe({ model }, ms / 1_000);
      if (ms > STALL_MS) metrics.llmStalls.inc({ model });
    },
    circuit: (state) => metrics.llmCircuit.set({ backend: model }, CIRCUIT[state]),
    truncated: () => metrics.llmTruncations.inc({ model }),
    loaded: (ms) => metrics.llmModelLoad.observe({ model, reason: 'cold' }, ms / 1_000),
    retried: () => log.warn('narrator-turn-retried'),
    faulted: (what, error) => {
      // A narrator that is not to be had is a state, told in the session and at start, and no fault of ours.
      if (error instanceof AppError && error.code === 'NARRATOR_OFF')
        log.info({ what, reason: error.detail }, 'narrator-off');
      else log.error({ err: error, what }, 'narrator-faulted');
    },
  };
}

/** Brings the gauges up to date with what they show: to be called before they are read. */
export function refreshGauges(
  metrics: Metrics,
  of: { sessions: Sessions; queue: NarratorQueue; model: string },
): void {
  const { active, players } = of.sessions.counts();
  metrics.sessionsActive.set(active);
  metrics.playersConnected.set(players);
  const { waiting, running, oldestWaitMs, isShort } = of.queue.stats();
  const { unitsPerSecond, spread, bound, jain } = of.queue.service();
  metrics.llmRunning.set({ model: of.model }, running);
  metrics.llmWaiting.set({ priority: PRIORITY }, waiting);
  metrics.llmOldestAge.set({ priority: PRIORITY }, oldestWaitMs / 1_000);
  metrics.llmShort.set(isShort ? 1 : 0);
  metrics.llmRate.set(unitsPerSecond ?? 0);
  metrics.llmSpread.set(spread);
  metrics.llmBound.set(bound ?? 0);
  metrics.llmJain.set(jain);
}
