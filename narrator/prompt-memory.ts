import { fit, fitStory } from './prompt-fit.ts';
import type { Cost, FittedItem, FittedStory } from './prompt-fit.ts';
import type { MemoryText, PromptTexts } from './prompt-texts.ts';

/** Part of the room for memory that facts may take from summaries. */
const FACT_SHARE = 0.35;

/** What is known of older passages, as far as it is in the prompt. */
export interface FittedMemory {
  /** In the order of the context. */
  facts: FittedItem[];
  /** In story order. */
  summaries: FittedItem[];
  dropped: string[];
  cost: number;
}

/** The newest items that fit, oldest first. */
function newest(
  items: readonly MemoryText[],
  room: number,
  cost: Cost,
): { kept: FittedItem[]; cost: number } {
  const kept: FittedItem[] = [];
  let used = 0;
  for (const item of items) {
    const tokens = cost(item.text);
    if (used + tokens > room) continue;
    used += tokens;
    kept.push({ id: item.id, text: item.text, isClipped: false });
  }
  return { kept: kept.reverse(), cost: used };
}

/** As `newest`; where no summary fits as a whole, the last sentences of the newest. */
function newestSummaries(items: readonly MemoryText[], room: number, cost: Cost) {
  const whole = newest(items, room, cost);
  const [first] = items;
  if (whole.kept.length > 0 || first === undefined) return whole;
  const { text, isClipped, cost: tokens } = fit(first, room, cost, true);
  return text === '' ? whole : { kept: [{ id: first.id, text, isClipped }], cost: tokens };
}

const total = (items: readonly MemoryText[], cost: Cost) =>
  items.reduce((sum, item) => sum + cost(item.text), 0);

/**
 * Memory for a prompt with these passages, in `room` tokens. What the passages say themselves is left out and is not
 * dropped: summaries of theirs, and facts that stand in them word by word.
 */
function fitMemory(texts: PromptTexts, story: FittedStory, room: number, cost: Cost): FittedMemory {
  const ids = new Set(story.passages.map(({ id }) => id));
  const told = story.passages.map(({ text }) => text).join('\n');
  const { memory } = texts;
  const openFacts = memory.facts.filter(({ text }) => !told.includes(text));
  const openSummaries = memory.summaries.filter(
    ({ passageIds }) => passageIds.length === 0 || !passageIds.every((id) => ids.has(id)),
  );
  const reserve = Math.min(Math.floor(room * FACT_SHARE), total(openFacts, cost));
  const summaries = newestSummaries(openSummaries, room - reserve, cost);
  const facts = newest(openFacts, room - summaries.cost, cost);
  const kept = new Set([...facts.kept, ...summaries.kept].map(({ id }) => id));
  const dropped = [...openFacts, ...openSummaries].filter(({ id }) => !kept.has(id));
  return {
    facts: facts.kept,
    summaries: summaries.kept,
    dropped: [...memory.tooMany, ...dropped.map(({ id }) => id)],
    cost: facts.cost + summaries.cost,
  };
}

/**
 * The newest passages and, in front of them, what is known of older ones. Memory has `share` tokens at most, unless
 * the whole story leaves more over, and never takes room from the newest passage. What it gets depends on the
 * passages only through the first of them, so that a prompt begins as the one before for as long as that stays.
 */
export function fitStoryAndMemory(
  texts: PromptTexts,
  { room, share }: { room: number; share: number },
  cost: Cost,
): { story: FittedStory; memory: FittedMemory } {
  const all = fitStory(texts, room, cost);
  const isWhole = ({ dropped, isClipped }: FittedStory) => dropped.length === 0 && !isClipped;
  const everything = fitMemory(texts, all, room - all.cost, cost);
  if (isWhole(all) && everything.dropped.length === 0) return { story: all, memory: everything };
  const reserve = Math.max(0, Math.min(share, room - cost(texts.passages[0]?.text ?? '')));
  const first = fitStory(texts, room - reserve, cost);
  if (isWhole(first)) {
    const left = room - first.cost;
    // In steps, so that a story that grows does not change it each time.
    const steps = Math.floor(left / Math.max(1, share)) * share;
    return { story: first, memory: fitMemory(texts, first, Math.max(reserve, steps), cost) };
  }
  const needed = fitMemory(texts, first, reserve, cost).cost;
  const story = fitStory(texts, room - needed, cost);
  return { story, memory: fitMemory(texts, story, needed, cost) };
}
