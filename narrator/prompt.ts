import type { ModelInfo, Prompt, StoryContext } from '../sessions/ports.ts';
import type { PromptPart } from '../sessions/sight.ts';
import { JOINT, costOf, fit, fitFixed } from './prompt-fit.ts';
import type { FixedPart } from './prompt-fit.ts';
import { chatForm, continuationForm } from './prompt-form.ts';
import { fitStoryAndMemory } from './prompt-memory.ts';
import { promptTexts } from './prompt-texts.ts';

/** Tokens sampled when nobody asks for another number. */
const DEFAULT_MAX_TOKENS = 220;
/** Nobody gets more than this in one turn. */
export const HARD_MAX_TOKENS = 600;
/** Part of the context that the prompt may fill. */
const PROMPT_SHARE = 0.8;
/** Part of the prompt kept for the newest passage when premise, cast and direction are long. */
const STORY_SHARE = 0.3;
/** Part of the prompt that memory may take from the newest passages; the demo model has little to give. */
const MEMORY_SHARE = { usual: 0.3, demo: 0.2 } as const;
/** Tokens a chat template adds around the messages, at most. */
const TEMPLATE = 64;

/** A prompt that fits, and what had to give way for it. */
export interface PackedPrompt {
  prompt: Prompt;
  /** What the prompt is made of, in order. */
  parts: PromptPart[];
  /** Words that already stand at the end of the prompt and belong to the passage; '' mostly. */
  opening: string;
  /** Tokens to sample; prompt and these fit the context together. */
  maxTokens: number;
  /** Upper estimate of the prompt's tokens. */
  promptTokens: number;
  /** Passages left out entirely, oldest first. */
  droppedPassageIds: string[];
  /** Facts and summaries left out for want of room, in the order of the context. */
  droppedMemoryIds: string[];
  /**
   * What was shortened; `table` are lines and veils, `story` is the newest passage, `output` the number of tokens
   * asked for.
   */
  clipped: Record<FixedPart | 'story' | 'output', boolean>;
}

function inOrder({ memory }: StoryContext, ids: readonly string[]): string[] {
  const dropped = new Set(ids);
  return [...memory.facts, ...memory.summaries].map(({ id }) => id).filter((id) => dropped.has(id));
}

/**
 * Packs one turn's prompt (S3.18, S2.20): rules, what the table has said, cast, premise, direction and pinned facts
 * always, then as many of the newest passages as fit into 80 % of the context, and what is known of the older ones
 * in front of them. Deterministic; the same context, counts and request give the same
 * prompt. `counts` holds the model's own token counts of `countable(promptTexts(context, info))`.
 * `requestedTokens`: null means the default; more than 600, or more than fits, is clipped and flagged.
 */
export function packPrompt(
  context: StoryContext,
  info: ModelInfo,
  counts: ReadonlyMap<string, number>,
  requestedTokens: number | null,
): PackedPrompt {
  const texts = promptTexts(context, info);
  const cost = costOf(counts);
  const isChat = info.shape === 'chat';
  const template = isChat ? TEMPLATE : JOINT;
  const most = Math.floor(info.contextTokens * PROMPT_SHARE);
  const budget = most - cost(texts.frame) - template;
  const tail = fit(texts.tail, Math.floor(budget / 2), cost, true);
  const room = Math.max(0, budget - tail.cost);
  const reserve = Math.min(cost(texts.passages[0]?.text ?? ''), Math.floor(room * STORY_SHARE));
  const fixed = fitFixed(texts, room - reserve, cost, isChat ? '\n' : ', ');
  const share = Math.floor(most * (info.isDemo ? MEMORY_SHARE.demo : MEMORY_SHARE.usual));
  const { story, memory } = fitStoryAndMemory(texts, { room: room - fixed.cost, share }, cost);
  const promptTokens = cost(texts.frame) + template + tail.cost + fixed.cost + story.cost + memory.cost;
  const asked = requestedTokens ?? DEFAULT_MAX_TOKENS;
  const maxTokens = Math.max(1, Math.min(asked, HARD_MAX_TOKENS, info.contextTokens - promptTokens));
  const { facts, summaries } = memory;
  const contents = { fixed, facts, summaries, passages: story.passages, tail };
  const formed = isChat
    ? chatForm(context, contents, Math.ceil(maxTokens * 0.6))
    : continuationForm(info, contents);
  return {
    ...formed,
    opening: context.written.trim() !== '' ? '' : tail.text,
    maxTokens,
    promptTokens,
    droppedPassageIds: story.dropped,
    droppedMemoryIds: inOrder(context, [...fixed.droppedPinned, ...memory.dropped]),
    clipped: { ...fixed.clipped, story: story.isClipped, output: maxTokens < asked },
  };
}
