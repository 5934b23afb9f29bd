// What the narrator was given for a passage: as it is kept, and as people see it.

/** What a part of a prompt is. */
export const PROMPT_PARTS = [
  'rules',
  'title',
  'premise',
  'cast',
  'lines',
  'veils',
  'fact',
  'summary',
  'passage',
  'direction',
  'guidance',
  'request',
  'written',
] as const;

/** One part of a prompt, in the order in which the model read them. */
export interface PromptPart {
  kind: (typeof PROMPT_PARTS)[number];
  /** The passage or memory item; null for the others. */
  id: string | null;
  text: string;
  /** Only a part of it fitted. */
  isClipped: boolean;
}

/** What the narrator was given for one passage. */
export interface NarratorSight {
  model: string;
  /** Model, prompt format and sampling under one name: equal names would write alike. */
  version: string;
  sampling: { temperature: number; topP: number; minP: number };
  /** Null: random, and not known. */
  seed: number | null;
  parts: PromptPart[];
  /** Left out for want of room, oldest first. */
  droppedPassageIds: string[];
  droppedMemoryIds: string[];
  contextTokens: number;
  promptTokens: number;
  /** Tokens it might sample, and did. */
  maxTokens: number;
  outputTokens: number;
}

/** A sight with the alternative that came of it. */
export interface GenerationRecord extends NarratorSight {
  turnId: string;
  passageId: string;
  alternativeId: string;
  /** When it ended, epoch ms. */
  at: number;
  /** From the request to its place on the engine. */
  waitMs: number;
  /** Passages that a summary or fact among the parts tells of: item id -> passage ids. */
  memorySources: Record<string, string[]>;
}

/**
 * A record as a player may see it (E5). `isHidden`: its text is '' since it is no longer in the story, or a private
 * note of the game masters.
 */
export interface SightView extends Omit<GenerationRecord, 'parts' | 'memorySources'> {
  parts: (PromptPart & { isHidden: boolean })[];
}

/**
 * The passages that a part tells of; what stood there when a passage was tried once more is of that passage. A memory
 * item's are in `memorySources`, by item id; none for what people wrote.
 */
export function partSources(
  { kind, id }: PromptPart,
  of: { passageId: string; memorySources: Readonly<Record<string, string[]>> },
): readonly string[] {
  if (kind === 'written') return [of.passageId];
  if (id === null) return [];
  if (kind === 'passage') return [id];
  return Object.hasOwn(of.memorySources, id) ? (of.memorySources[id] ?? []) : [];
}
