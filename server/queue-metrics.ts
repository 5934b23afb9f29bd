import type { StepFacts } from '../narrator/engine-facts.ts';
import type { WorkClass } from '../sessions/ports.ts';
import type { Metrics } from './metrics.ts';

/** How each class of work is called in metrics. */
export const PRIORITY = {
  narrator: 'narrator',
  moderation: 'moderation',
  background: 'judge',
} as const satisfies Record<WorkClass, string>;

/** Values of llm_backend_circuit_state. */
export const CIRCUIT = { closed: 0, trial: 1, open: 2 } as const;

/** Counts one step of the engine. */
export function countStep(metrics: Metrics, model: string, facts: StepFacts): void {
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
