import type { GenerationFact, PassageFact } from '../../sessions/facts.ts';

/** How a narrator passage came to be, as tests like it. */
export function generationFact(of: Partial<GenerationFact> = {}): GenerationFact {
  return {
    turnId: 'turn1',
    askedBy: 'player1',
    outcome: 'committed',
    finish: 'end',
    sight: {
      model: 'storyteller',
      version: 'v1',
      sampling: { temperature: 0.8, topP: 0.95, minP: 0.05 },
      seed: 7,
      droppedPassageIds: [],
      droppedMemoryIds: [],
      contextTokens: 2_048,
      promptTokens: 120,
      maxTokens: 200,
      outputTokens: 40,
    },
    promptHash: 'ab'.repeat(32),
    reusedTokens: 0,
    timing: { queueMs: 100, prefillMs: 200, decodeMs: 600, postMs: 100, totalMs: 1_000 },
    ...of,
  };
}

/** A passage of the narrator, as tests like it. */
export function narratorPassage(of: Partial<PassageFact> = {}): PassageFact {
  return {
    kind: 'passage',
    sessionId: 'session1',
    seq: 5,
    at: 1_790_000_001_000,
    playerId: null,
    passageId: 'passage1',
    alternativeId: 'alternative1',
    turnId: of.generation?.turnId ?? 'turn1',
    castId: null,
    authorKind: 'narrator',
    isReplacement: false,
    isHeld: false,
    text: 'The lamp went out.',
    historyPassages: 3,
    generation: generationFact(),
    ...of,
  };
}
