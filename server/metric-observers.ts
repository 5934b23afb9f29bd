import type { NarratorObserver } from '../narrator/narrator-observer.ts';
import type { SessionObserver } from '../sessions/peers.ts';
import { refusalLabel, type Metrics } from './metrics.ts';

/** What sessions tell, as metrics. */
export function sessionObserver(metrics: Metrics): SessionObserver {
  return {
    editPropagated: (seconds) => metrics.editPropagation.observe(seconds),
    updateRefused: (fault) => metrics.refusedUpdates.inc({ reason: refusalLabel(fault) }),
    merged: (seconds) => metrics.merge.observe(seconds),
    passageCommitted: (kind) => metrics.passages.inc({ author_kind: kind }),
    turnEnded: (outcome) => metrics.turns.inc({ outcome }),
    turnWaited: (seconds) => metrics.turnWait.observe(seconds),
  };
}

/** What the narrator tells, as metrics; `onFault` gets what belongs in the log. */
export function narratorObserver(
  metrics: Metrics,
  of: { model: string; endpoint: string; onFault: (what: string, error: unknown) => void },
): NarratorObserver {
  const { model, endpoint, onFault } = of;
  return {
    queued: () => undefined,
    refused: () => metrics.llmRequests.inc({ model, endpoint, status: 'rejected' }),
    granted: (waitMs) => metrics.llmQueueWait.observe({ priority: 'narrator' }, waitMs / 1_000),
    firstToken: (sinceGrantMs, sinceAskedMs) => {
      metrics.llmFirstToken.observe({ model, endpoint }, sinceGrantMs / 1_000);
      metrics.llmAcceptToFirstToken.observe({ model, endpoint }, sinceAskedMs / 1_000);
    },
    finished: ({ status, durationMs, inputTokens, outputTokens }) => {
      metrics.llmRequests.inc({ model, endpoint, status });
      metrics.llmDuration.observe({ model, endpoint }, durationMs / 1_000);
      metrics.llmTokens.inc({ model, type: 'input' }, inputTokens);
      metrics.llmTokens.inc({ model, type: 'output' }, outputTokens);
    },
    truncated: () => metrics.llmTruncations.inc({ model }),
    withheld: () => undefined,
    retried: () => metrics.llmRestarts.inc({ reason: 'crash' }),
    loaded: (ms) => metrics.llmModelLoad.observe({ model, reason: 'cold' }, ms / 1_000),
    faulted: onFault,
  };
}
