import type { ModelInfo, Prompt, StoryContext } from '../sessions/ports.ts';
import { TABLE_LABELS, chatLimits, chatRequest, chatRules } from './prompt-words.ts';
import { promptTexts } from './prompt-texts.ts';
import type { PromptText, PromptTexts } from './prompt-texts.ts';

/** Tokens sampled when nobody asks for another number. */
const DEFAULT_MAX_TOKENS = 220;
/** Nobody gets more than this in one turn. */
export const HARD_MAX_TOKENS = 600;
/** Part of the context that the prompt may fill. */
const PROMPT_SHARE = 0.8;
/** Part of the prompt kept for the newest passage when premise, cast and direction are long. */
const STORY_SHARE = 0.3;
/** Blank lines and joints around each text, tokens. */
const JOINT = 2;
/** Tokens a chat template adds around the messages, at most. */
const TEMPLATE = 64;

/** A prompt that fits, and what had to give way for it. */
export interface PackedPrompt {
  prompt: Prompt;
  /** Words that already stand at the end of the prompt and belong to the passage; '' mostly. */
  opening: string;
  /** Tokens to sample; prompt and these fit the context together. */
  maxTokens: number;
  /** Upper estimate of the prompt's tokens. */
  promptTokens: number;
  /** Passages left out entirely, oldest first. */
  droppedPassageIds: string[];
  /**
   * What was shortened; `table` are lines and veils, `story` is the newest passage, `output` the number of tokens
   * asked for.
   */
  clipped: Record<FixedPart | 'story' | 'output', boolean>;
}

type FixedPart = 'title' | 'premise' | 'cast' | 'direction' | 'guidance' | 'table';

type Cost = (text: string) => number;

interface Fixed {
  title: string;
  cast: string[];
  direction: string;
  premise: string;
  lines: string;
  veils: string;
  guidance: string;
  clipped: Record<FixedPart, boolean>;
  cost: number;
}

/** Tokens by text; a text nobody counted is taken at its worst, one token a byte. */
function costOf(counts: ReadonlyMap<string, number>): Cost {
  return (text) => (text === '' ? 0 : (counts.get(text) ?? Buffer.byteLength(text)) + JOINT);
}

/** As many units as fit, from the front or from the back; never more than `room` tokens. */
function fit(part: PromptText, room: number, cost: Cost, fromEnd = false): { text: string; cost: number } {
  const whole = cost(part.text);
  if (whole <= room) return { text: part.text, cost: whole };
  const units = fromEnd ? [...part.units].reverse() : part.units;
  const kept: string[] = [];
  let used = 0;
  for (const unit of units) {
    if (used + cost(unit) > room) break;
    used += cost(unit);
    kept.push(unit);
  }
  return { text: (fromEnd ? kept.reverse() : kept).join('').trim(), cost: used };
}

function fitCast(texts: PromptTexts, room: number, cost: Cost): { lines: string[]; cost: number } {
  const total = (lines: string[]) => lines.reduce((sum, line) => sum + cost(line), 0);
  const full = texts.cast.map((line) => line.full);
  if (total(full) <= room) return { lines: full, cost: total(full) };
  const lines = texts.cast.map((line) => line.short);
  while (total(lines) > room) lines.pop();
  return { lines, cost: total(lines) };
}

/** Lines, veils and guidance: whole when they fit, else each cut to its share. */
function fitTable(texts: PromptTexts, room: number, isRoomy: boolean, cost: Cost) {
  const share = (part: number) => (isRoomy ? room : Math.floor(room * part));
  const lines = fit(texts.lines, share(0.15), cost);
  const veils = fit(texts.veils, share(0.1), cost);
  const guidance = fit(texts.guidance, share(0.1), cost);
  return {
    fitted: { lines: lines.text, veils: veils.text, guidance: guidance.text },
    clipped: {
      table: lines.text !== texts.lines.text || veils.text !== texts.veils.text,
      guidance: guidance.text !== texts.guidance.text,
    },
    cost: lines.cost + veils.cost + guidance.cost,
  };
}

/** Everything but the story: whole when it fits, else each part cut to its share, the premise last. */
function fitFixed(texts: PromptTexts, all: number, cost: Cost): Fixed {
  const full = texts.cast.map((line) => line.full);
  const { lines, veils, guidance, title: name, direction: wish } = texts;
  const parts = [lines, veils, guidance, name, wish, texts.premise].map((part) => part.text);
  const isRoomy = [...parts, ...full].reduce((sum, text) => sum + cost(text), 0) <= all;
  const table = fitTable(texts, all, isRoomy, cost);
  const room = all - table.cost;
  const share = (part: number) => (isRoomy ? room : Math.floor(room * part));
  const title = fit(texts.title, share(0.1), cost);
  const cast = fitCast(texts, share(0.4), cost);
  const direction = fit(texts.direction, share(0.2), cost);
  const premise = fit(texts.premise, room - title.cost - cast.cost - direction.cost, cost);
  return {
    ...table.fitted,
    title: title.text,
    cast: cast.lines,
    direction: direction.text,
    premise: premise.text,
    clipped: {
      ...table.clipped,
      title: title.text !== texts.title.text,
      cast: cast.lines.join('\n') !== full.join('\n'),
      direction: direction.text !== texts.direction.text,
      premise: premise.text !== texts.premise.text,
    },
    cost: table.cost + title.cost + cast.cost + direction.cost + premise.cost,
  };
}

interface Story {
  /** Oldest first. */
  texts: string[];
  dropped: string[];
  isClipped: boolean;
  cost: number;
}

/**
 * How many of the newest passages to keep when `count` fit and not all: a few less, so that the prompt begins
 * with the opener of a block. Later prompts begin there too for a while, and the engine goes on with what it
 * has evaluated. Half of what fits stays at least.
 */
function keptAtBlock(passages: PromptTexts['passages'], count: number): number {
  for (let kept = count; kept > count / 2; kept -= 1)
    if (passages[kept - 1]?.opensBlock === true) return kept;
  return count;
}

/** The newest passages that fit; the very newest one is shortened from its front rather than dropped. */
function fitStory(texts: PromptTexts, room: number, cost: Cost): Story {
  const pieces: { text: string; cost: number }[] = [];
  let used = 0;
  let isClipped = false;
  for (const passage of texts.passages) {
    const isNewest = pieces.length === 0;
    const part = { text: passage.text, units: isNewest ? texts.newestUnits : [] };
    const piece = fit(part, room - used, cost, true);
    if (piece.text === '') break;
    isClipped ||= piece.text !== passage.text;
    pieces.push(piece);
    used += piece.cost;
    if (isClipped) break;
  }
  const isWhole = pieces.length === texts.passages.length && texts.tooOld.length === 0;
  const count = isWhole || isClipped ? pieces.length : keptAtBlock(texts.passages, pieces.length);
  const kept = pieces.slice(0, count).reverse();
  const dropped = texts.passages.slice(count).map((passage) => passage.id);
  return {
    texts: kept.map((piece) => piece.text),
    dropped: [...texts.tooOld, ...dropped.reverse()],
    isClipped,
    cost: kept.reduce((sum, piece) => sum + piece.cost, 0),
  };
}

function continuationPrompt(info: ModelInfo, fixed: Fixed, story: string[], tail: string): Prompt {
  const header = [
    fixed.title === '' ? '' : `Title: ${fixed.title}`,
    info.isDemo ? 'Style: simple story' : '',
    fixed.cast.length === 0 ? '' : `Characters: ${fixed.cast.join(', ')}`,
    fixed.lines === '' ? '' : `${TABLE_LABELS.lines}${fixed.lines}`,
    fixed.veils === '' ? '' : `${TABLE_LABELS.veils}${fixed.veils}`,
    fixed.guidance === '' ? '' : `${TABLE_LABELS.guidance}${fixed.guidance}`,
    fixed.direction === '' ? '' : `Words: ${fixed.direction}`,
  ].filter((line) => line !== '');
  const body = [fixed.premise, ...story, tail].filter((text) => text !== '').join('\n\n');
  const head = header.length === 0 ? '' : `${header.join('\n')}\n\n`;
  return { shape: 'continuation', text: `${head}${body.trimEnd()}` };
}

function chatPrompt(context: StoryContext, fixed: Fixed, story: string[], words: number): Prompt {
  const system = [
    chatRules(context),
    chatLimits(fixed.lines, fixed.veils),
    fixed.title === '' ? '' : `Title: ${fixed.title}`,
    fixed.premise === '' ? '' : `Premise: ${fixed.premise}`,
    fixed.cast.length === 0 ? '' : `Cast:\n${fixed.cast.join('\n')}`,
  ];
  const request = chatRequest(context, fixed, words);
  const soFar =
    story.length === 0 ? 'The story has not begun yet.' : `The story so far:\n\n${story.join('\n\n')}`;
  return {
    shape: 'chat',
    messages: [
      { role: 'system', content: system.filter((text) => text !== '').join('\n\n') },
      { role: 'user', content: `${soFar}\n\n----\n${request}` },
    ],
  };
}

function appendWritten(prompt: Prompt, written: string): Prompt {
  if (prompt.shape === 'continuation' || written === '') return prompt;
  return { shape: 'chat', messages: [...prompt.messages, { role: 'assistant', content: written }] };
}

/**
 * Packs one turn's prompt (S3.18, S2.20): rules, what the table has said, cast, premise and direction
 * always, then as many of the newest
 * passages as fit into 80 % of the context. Deterministic; the same context, counts and request give the same
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
  const template = info.shape === 'chat' ? TEMPLATE : JOINT;
  const budget = Math.floor(info.contextTokens * PROMPT_SHARE) - cost(texts.frame) - template;
  const tail = fit(texts.tail, Math.floor(budget / 2), cost, true);
  const room = Math.max(0, budget - tail.cost);
  const reserve = Math.min(cost(texts.passages[0]?.text ?? ''), Math.floor(room * STORY_SHARE));
  const fixed = fitFixed(texts, room - reserve, cost);
  const story = fitStory(texts, room - fixed.cost, cost);
  const promptTokens = cost(texts.frame) + template + tail.cost + fixed.cost + story.cost;
  const asked = requestedTokens ?? DEFAULT_MAX_TOKENS;
  const maxTokens = Math.max(1, Math.min(asked, HARD_MAX_TOKENS, info.contextTokens - promptTokens));
  const hasWritten = context.written.trim() !== '';
  const prompt =
    info.shape === 'chat'
      ? appendWritten(chatPrompt(context, fixed, story.texts, Math.ceil(maxTokens * 0.6)), tail.text)
      : continuationPrompt(info, fixed, story.texts, tail.text);
  return {
    prompt,
    opening: hasWritten ? '' : tail.text,
    maxTokens,
    promptTokens,
    droppedPassageIds: story.dropped,
    clipped: { ...fixed.clipped, story: story.isClipped, output: maxTokens < asked },
  };
}
