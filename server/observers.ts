import type { Logger } from 'pino';
import type { NarratorObserver, SideFigures, TurnFigures } from '../narrator/narrator-observer.ts';
import type { NarratorQueue } from '../narrator/narrator-queue.ts';
import { PROMPT_REVISION } from '../narrator/prompt-words.ts';
import { AppError } from '../sessions/errors.ts';
import type { ErrorCode } from '../sessions/errors.ts';
import { WORK_CLASSES } from '../sessions/ports.ts';
import type { Narrator } from '../sessions/ports.ts';
import type { Sessions } from '../sessions/sessions.ts';
import { waitingLabel } from './metric-labels.ts';
import { modelFileHash, NO_HASH } from './metric-model.ts';
import type { LABELS } from './metric-labels.ts';
import type { Metrics } from './metrics.ts';
import { ENCODER, tierLabel } from './moderation-metrics.ts';
import { CIRCUIT, PRIORITY } from './queue-metrics.ts';

const ENDPOINT = 'narrator';
/** A longer gap in the text of a turn counts as a stall, ms. */
const STALL_MS = 2_000;

/** Values of `reason` of llm_queue_rejected_total. */
const REJECTED: Partial<Record<ErrorCode, (typeof LABELS.queueRefusal)[number]>> = {
  NARRATOR_BUSY: 'busy',
  NARRATOR_QUEUE_FULL: 'full',
  NARRATOR_BUDGET: 'budget',
  NARRATOR_LOOP: 'loop',
  NARRATOR_OFF: 'off',
};

/**
 * What the narrator reports, as metrics and log lines. `model` is the label of the configured model, `modelFile` the
 * path of its file where it has one.
 */
export function narratorObserver(
  metrics: Metrics,
  of: { log: Logger; model: string; modelFile?: string },
): Partial<NarratorObserver> {
  const { log, model, modelFile } = of;
  const labels = { model, endpoint: ENDPOINT };
  return {
    refused: (code) => {
      metrics.llmRequests.inc({ ...labels, status: 'rejected' });
      metrics.llmRejected.inc({ reason: REJECTED[code] ?? 'other' });
    },
    granted: (waitMs, workClass) =>
      metrics.llmQueueWait.observe({ priority: PRIORITY[workClass] }, waitMs / 1_000),
    firstToken: ({ sinceGrantMs, sinceAskedMs, load, isSwitch }) => {
      metrics.llmFirstToken.observe(labels, sinceGrantMs / 1_000);
      metrics.llmAcceptToFirstToken.observe(labels, sinceAskedMs / 1_000);
      metrics.turnFirstToken.observe({ waiting: waitingLabel(load) }, sinceAskedMs / 1_000);
      if (isSwitch) metrics.characterSwitch.observe(sinceAskedMs / 1_000);
    },
    finished: (figures) => countTurn(metrics, model, figures),
    sideEnded: (figures) => countSide(metrics, model, figures),
    gap: (ms) => {
      metrics.llmTokenGap.observe({ model }, ms / 1_000);
      if (ms > STALL_MS) metrics.llmStalls.inc({ model });
    },
    circuit: (state) => metrics.llmCircuit.set({ backend: model }, CIRCUIT[state]),
    truncated: () => metrics.llmTruncations.inc({ model }),
    loaded: (ms, reason) => {
      metrics.llmModelLoad.observe({ model, reason }, ms / 1_000);
      void tellModel(metrics, model, modelFile);
    },
    retried: () => log.warn('narrator-turn-retried'),
    faulted: (what, error) => {
      // A narrator that is not to be had is a state, told in the session and at start, and no fault of ours.
      if (error instanceof AppError && error.code === 'NARRATOR_OFF')
        log.info({ what, reason: error.detail }, 'narrator-off');
      else log.error({ err: error, what }, 'narrator-faulted');
    },
  };
}

/** Which model file and which prompts are in use. */
async function tellModel(metrics: Metrics, model: string, file: string | undefined): Promise<void> {
  const hash = file === undefined ? NO_HASH : await modelFileHash(file);
  const labels = { model, base_hash12: hash, prompt_version: String(PROMPT_REVISION), role: 'production' };
  metrics.llmModelInfo.reset();
  metrics.llmModelInfo.set(labels, 1);
}

function countTurn(metrics: Metrics, model: string, figures: TurnFigures): void {
  const { status, timing, inputTokens, outputTokens, load, contextRatio } = figures;
  const { queueMs, prefillMs, decodeMs, totalMs } = timing;
  metrics.llmRequests.inc({ model, endpoint: ENDPOINT, status });
  metrics.llmDuration.observe({ model, endpoint: ENDPOINT }, (totalMs - queueMs) / 1_000);
  countTokens(metrics, model, figures);
  if (contextRatio > 0) metrics.llmContextRatio.observe({ model }, contextRatio);
  if (inputTokens > 0) metrics.llmPrefill.observe({ model }, prefillMs / 1_000);
  if (outputTokens > 0) metrics.llmDecode.observe({ model }, decodeMs / 1_000);
  if (outputTokens > 1) metrics.llmTimePerToken.observe({ model }, decodeMs / 1_000 / (outputTokens - 1));
  if (status === 'success') metrics.turnSeconds.observe({ waiting: waitingLabel(load) }, totalMs / 1_000);
}

function countSide(metrics: Metrics, model: string, figures: SideFigures): void {
  const { endpoint, status, durationMs, first } = figures;
  const labels = { model, endpoint };
  metrics.llmRequests.inc({ ...labels, status });
  metrics.llmDuration.observe(labels, durationMs / 1_000);
  countTokens(metrics, model, figures);
  if (first === null) return;
  metrics.llmFirstToken.observe(labels, first.sinceGrantMs / 1_000);
  metrics.llmAcceptToFirstToken.observe(labels, first.sinceAskedMs / 1_000);
}

function countTokens(
  metrics: Metrics,
  model: string,
  { inputTokens, outputTokens }: Pick<TurnFigures, 'inputTokens' | 'outputTokens'>,
): void {
  for (const [type, tokens] of [
    ['input', inputTokens],
    ['output', outputTokens],
  ] as const) {
    metrics.llmTokens.inc({ model, type }, tokens);
    // What asked nothing of the model is no request of 0 tokens.
    if (inputTokens > 0) metrics.llmRequestTokens.observe({ model, type }, tokens);
  }
}

/** Counts what a tier of moderation took; the sentence encoder is a model that is asked, too (S1.1). */
export function countTier(
  metrics: Metrics,
  { tier, ms, hasAnswered }: { tier: string; ms: number; hasAnswered: boolean },
): void {
  const stage = tierLabel(tier);
  metrics.moderationSeconds.observe({ stage }, ms / 1_000);
  if (stage !== 'encoder') return;
  const labels = { model: ENCODER, endpoint: 'embed' };
  metrics.llmRequests.inc({ ...labels, status: hasAnswered ? 'success' : 'timeout' });
  metrics.llmDuration.observe(labels, ms / 1_000);
}

/** Brings the gauges up to date with what they show: to be called before they are read. */
export function refreshGauges(
  metrics: Metrics,
  of: { sessions: Sessions; queue: NarratorQueue; narrator: Narrator; model: string },
): void {
  const { active, players } = of.sessions.counts();
  metrics.sessionsActive.set(active);
  metrics.playersConnected.set(players);
  metrics.storeWorks.set(of.sessions.storeWorks ? 1 : 0);
  metrics.llmAvailable.set(of.narrator.status().status === 'ready' ? 1 : 0);
  const { running, isShort } = of.queue.stats();
  for (const workClass of WORK_CLASSES) {
    const { waiting, oldestWaitMs } = of.queue.waitingOf(workClass);
    const labels = { priority: PRIORITY[workClass] };
    metrics.llmWaiting.set(labels, waiting);
    metrics.llmOldestAge.set(labels, oldestWaitMs / 1_000);
  }
  const { unitsPerSecond, spread, bound, jain } = of.queue.service();
  metrics.llmRunning.set({ model: of.model }, running);
  metrics.llmShort.set(isShort ? 1 : 0);
  if (unitsPerSecond === null) metrics.llmRate.remove();
  else metrics.llmRate.set(unitsPerSecond);
  metrics.llmSpread.set(spread);
  metrics.llmBound.set(bound ?? 0);
  metrics.llmJain.set(jain);
}
