import type { WorkClass } from '../../../sessions/ports.ts';
import { divideBudget } from '../../../narrator/step-budget.ts';

/** What a step of the modelled engine costs (a model of 7 billion parameters on a graphics card), and its limits. */
export const ENGINE = {
  permits: 4,
  chunk: 256,
  stepMs: 20,
  sampleMs: 0.6,
  promptTokenMs: 0.5,
  restoredTokenMs: 0.02,
} as const;

/** A turn as the engine sees it. */
export interface EngineTurn {
  workClass: WorkClass;
  /** Tokens of its prompt that are not evaluated yet; 1 or less: it samples. */
  promptLeft: number;
  /** Tokens that have to be restored before it can go on. */
  toRestore: number;
}

/** What a step does for each of its turns, and how long it takes. */
export interface EngineStep {
  ms: number;
  costs: { inputTokens: number; outputTokens: number }[];
  restoredTokens: number;
}

/**
 * One step with these turns, most important first. The step that evaluates the end of a prompt also samples from
 * it; the last token of the prompt is the sampling's own.
 */
export function stepOf(turns: readonly EngineTurn[]): EngineStep {
  const asked = turns.map(({ promptLeft, workClass }) => ({
    promptLeft,
    isUrgent: workClass === 'narrator',
  }));
  const budgets = divideBudget(asked, ENGINE.chunk);
  const costs = turns.map(({ promptLeft }, at) => {
    const inputTokens = budgets[at] ?? 0;
    return { inputTokens, outputTokens: promptLeft - inputTokens <= 1 ? 1 : 0 };
  });
  const promptTokens = costs.reduce((sum, cost) => sum + cost.inputTokens, 0);
  const samples = costs.reduce((sum, cost) => sum + cost.outputTokens, 0);
  const restoredTokens = turns.reduce((sum, turn) => sum + turn.toRestore, 0);
  const work = ENGINE.sampleMs * samples + ENGINE.promptTokenMs * promptTokens;
  return { ms: ENGINE.stepMs + work + ENGINE.restoredTokenMs * restoredTokens, costs, restoredTokens };
}
