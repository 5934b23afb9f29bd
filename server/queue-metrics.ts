import type { Registry } from 'prom-client';
import type { StepFacts } from '../narrator/engine-facts.ts';
import type { WorkClass } from '../sessions/ports.ts';
import { makers, QUEUE_WAIT } from './metric-makers.ts';
import { PREPARED_LABELS } from './metric-labels.ts';

const STEP = [0.001, 0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 2.5];
const WIDTH = [1, 2, 4, 8, 16, 32];

/** How each class of work is called in metrics. */
const PRIORITY = {
  narrator: 'narrator',
  moderation: 'moderation',
  background: 'judge',
} as const satisfies Record<WorkClass, string>;

/** Values of llm_backend_circuit_state. */
export const CIRCUIT = { closed: 0, trial: 1, open: 2 } as const;

/** Metrics of the narrator's queue and of the engine's steps. */
export function queueMetrics(registry: Registry) {
  const { counter, gauge, histogram } = makers(registry);
  return {
    llmQueueWait: histogram('llm_queue_wait_seconds', 'Wait for a slot.', QUEUE_WAIT, ['priority']),
    llmRunning: gauge('llm_requests_running', 'Requests that have begun, paused ones included.', ['model']),
    llmWaiting: gauge('llm_requests_waiting', 'Requests in the queue.', ['priority']),
    llmOldestAge: gauge('llm_queue_oldest_age_seconds', 'Age of the oldest waiting request.', ['priority']),
    llmRejected: counter('llm_queue_rejected_total', 'Requests refused at the door.', ['reason']),
    llmPreemptions: counter('llm_queue_preemptions_total', 'Pauses of running requests in favour of others.'),
    llmSpread: gauge(
      'llm_queue_spread_units',
      'Largest difference in service between those who wait, cost units. Above the bound it is a fault.',
    ),
    llmBound: gauge(
      'llm_queue_bound_units',
      'What that difference may be at most, cost units; 0: no promise.',
    ),
    llmJain: gauge(
      'llm_service_fairness_jain_ratio',
      "Jain's index of service received over max-min fair share, sessions of the last 5 minutes.",
    ),
    llmRate: gauge(
      'llm_service_units_per_second',
      'Cost units (input + 2 x output tokens) a second at work.',
    ),
    llmShort: gauge('llm_short_passages', '1 while waits are so long that passages are kept short.'),
    llmCircuit: gauge('llm_backend_circuit_state', '0 closed, 1 on trial, 2 open.', ['backend']),
    ...stepMetrics(registry),
  };
}

function stepMetrics(registry: Registry) {
  const { counter, gauge, histogram } = makers(registry);
  return {
    llmStep: histogram('llm_step_seconds', 'One step of the engine.', STEP, ['model']),
    llmWidth: histogram('llm_step_width', 'Requests in one step of the engine.', WIDTH, ['model']),
    llmChunk: gauge('llm_prompt_chunk_tokens', 'Prompt tokens that one step may evaluate now.', ['model']),
    llmPrefixQueries: counter('llm_prefix_cache_query_tokens_total', 'Prompt tokens of requests.', ['model']),
    llmPrefixHits: counter('llm_prefix_cache_hit_tokens_total', 'Prompt tokens that were still there.', [
      'model',
    ]),
    llmEvictions: counter('llm_kv_evictions_total', 'Requests whose evaluated prompt had to give way.', [
      'model',
    ]),
    llmKvUsage: gauge('llm_kv_cache_usage_ratio', 'Used part of the memory for evaluated tokens.', ['model']),
    llmTokenGap: histogram('llm_inter_token_gap_seconds', 'Between two pieces of text of a request.', STEP, [
      'model',
    ]),
    llmStalls: counter('llm_stream_stalls_total', 'Gaps of more than 2 s in the text of a request.', [
      'model',
    ]),
  };
}

type QueueMetrics = ReturnType<typeof queueMetrics>;

/** Every label set at 0. */
export function prepareQueueMetrics(metrics: QueueMetrics, { model }: { model: string }): void {
  for (const priority of Object.values(PRIORITY)) {
    metrics.llmQueueWait.zero({ priority });
    metrics.llmWaiting.set({ priority }, 0);
    metrics.llmOldestAge.set({ priority }, 0);
  }
  for (const reason of PREPARED_LABELS.queueRefusal) metrics.llmRejected.inc({ reason }, 0);
  for (const one of [metrics.llmStep, metrics.llmWidth, metrics.llmTokenGap]) one.zero({ model });
  const counters = [metrics.llmPrefixQueries, metrics.llmPrefixHits, metrics.llmEvictions, metrics.llmStalls];
  for (const one of counters) one.inc({ model }, 0);
  for (const one of [metrics.llmRunning, metrics.llmKvUsage, metrics.llmChunk]) one.set({ model }, 0);
  metrics.llmCircuit.set({ backend: model }, CIRCUIT.closed);
  metrics.llmJain.set(1);
}

/** Counts one step of the engine. */
export function countStep(metrics: QueueMetrics, model: string, facts: StepFacts): void {
  metrics.llmStep.observe({ model }, facts.ms / 1_000);
  metrics.llmWidth.observe({ model }, facts.width);
  metrics.llmChunk.set({ model }, facts.chunk);
  metrics.llmEvictions.inc({ model }, facts.evicted);
  metrics.llmKvUsage.set({ model }, facts.residentTokens / Math.max(1, facts.residentCapacity));
  for (const { promptTokens, reusedTokens } of facts.opened) {
    metrics.llmPrefixQueries.inc({ model }, promptTokens);
    metrics.llmPrefixHits.inc({ model }, reusedTokens);
  }
}
