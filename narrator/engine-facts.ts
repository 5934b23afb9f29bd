/** What one step of the engine was, in numbers only: nothing in it tells a story. */
export interface StepFacts {
  /** Turns that were in the step. */
  width: number;
  ms: number;
  /** Prompt tokens that the step might have held. */
  chunk: number;
  /** Prompt tokens evaluated and tokens sampled, over all turns. */
  inputTokens: number;
  outputTokens: number;
  /** Tokens that the engine holds of all stories, and how many it could hold. */
  residentTokens: number;
  residentCapacity: number;
  /** Stories and paused turns that lost their place in memory. */
  evicted: number;
  /** Turns that got their place in memory for the first time: their prompt, and what was still there of it. */
  opened: { promptTokens: number; reusedTokens: number }[];
}
