import { join } from 'node:path';
import type { GenerateRequest, StepPlan, StepSource, TokenCost } from '../../sessions/ports.ts';

/** The model that comes with the program: small, so that tests can use it. */
export const DEMO_MODEL = join(import.meta.dirname, '../../narrator/models/storyteller-tiny-q8_0.gguf');
export const DEMO_PROMPT =
  'Title: The Lost Boat\nCharacters: Mia, Tom\n\nMia and Tom wanted to find the treasure.';

/** A request that remembers what it was told. */
export interface WatchedRequest extends GenerateRequest {
  text: () => string;
  cost: () => TokenCost;
}

let requests = 0;

/** A request for 60 tokens under a new turn id, with `extra` instead of its own settings. */
export function watchedRequest(extra: Partial<GenerateRequest> = {}): WatchedRequest {
  let text = '';
  const cost = { inputTokens: 0, outputTokens: 0 };
  requests += 1;
  return {
    turnId: `turn-${requests}`,
    storyId: 's',
    prompt: { shape: 'continuation', text: DEMO_PROMPT },
    maxTokens: 60,
    temperature: 0.7,
    topP: 0.95,
    minP: 0.05,
    seed: 1,
    signal: new AbortController().signal,
    text: () => text,
    cost: () => cost,
    ...extra,
    onText: (piece) => {
      text += piece;
      extra.onText?.(piece);
    },
    onCost: (one) => {
      cost.inputTokens += one.inputTokens;
      cost.outputTokens += one.outputTokens;
      extra.onCost?.(one);
    },
  };
}

/** A step source whose plan is made by a function; fails when it is asked from within itself. */
export class ScriptedSteps implements StepSource {
  /** How often it was asked. */
  plans = 0;
  losses = 0;
  #make: (turn: number) => StepPlan;
  #isPlanning = false;
  readonly #listeners = new Set<() => void>();

  constructor(make: (plans: number) => StepPlan) {
    this.#make = make;
  }

  plan(): StepPlan {
    if (this.#isPlanning) throw new Error('plan was asked from within itself');
    this.#isPlanning = true;
    this.plans += 1;
    // Real sources tell of what they decide, and whoever hears it may ask them again.
    this.changed();
    const plan = this.#make(this.plans);
    this.#isPlanning = false;
    return plan;
  }

  lost(): void {
    this.losses += 1;
  }

  onChanged(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Another plan, told at once. */
  follow(make: (plans: number) => StepPlan): void {
    this.#make = make;
    this.changed();
  }

  changed(): void {
    for (const listener of this.#listeners) listener();
  }

  get listeners(): number {
    return this.#listeners.size;
  }
}

/** A plan in which these narrator turns run and those pause. */
export function planOf(running: readonly string[], paused: readonly string[] = []): StepPlan {
  return { run: running.map((turnId) => ({ turnId, workClass: 'narrator' })), paused };
}
