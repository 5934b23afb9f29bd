import type { NarratorQueue } from '../narrator/narrator-queue.ts';
import { createNarratorQueue } from '../narrator/queue-policies.ts';
import { hashSecret } from '../sessions/secrets.ts';
import { systemClock } from './clock.ts';
import type { Config } from './config.ts';
import type { QueuePanel } from './http/status-router.ts';
import type { Metrics } from './metrics.ts';

/** Prompt tokens of one step, at most: what the promise of the fair queue is reckoned with. */
export const CHUNK_TOKENS = 256;
/** Characters of hashed ids that operators see. */
const SHOWN_ID = 12;

/** The weight of a tenant by the settings; 1 when it is not listed. */
function tenantWeight(weights: Config['tenantWeights']): (tenantId: string) => number {
  return (tenantId) => weights.find(({ prefix }) => tenantId.startsWith(prefix))?.weight ?? 1;
}

/** The narrator's queue that the settings ask for. */
export function createQueue(config: Config, metrics: Metrics): NarratorQueue {
  const { queue, modelParallel } = config.narrator;
  return createNarratorQueue(queue, {
    clock: systemClock,
    permits: modelParallel,
    chunk: CHUNK_TOKENS,
    budgets: config.budgets,
    tenantWeight: tenantWeight(config.tenantWeights),
    onPaused: (count) => metrics.llmPreemptions.inc(count),
  });
}

/** The queue as operators see it; of ids only hashes. */
export function queuePanel(config: Config, queue: NarratorQueue): QueuePanel {
  const weightOf = tenantWeight(config.tenantWeights);
  const sessions = queue.shares().map(({ tenantId, sessionId, received, share }) => ({
    tenant: tenantId.slice(0, SHOWN_ID),
    session: hashSecret(sessionId).slice(0, SHOWN_ID),
    weight: weightOf(tenantId),
    received: Math.round(received),
    share: Math.round(share),
  }));
  return { policy: config.narrator.queue, ...queue.stats(), ...queue.service(), sessions };
}
