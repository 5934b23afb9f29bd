import type { PromptPart } from '../sessions/sight.ts';
import type { MemoryText, PromptText, PromptTexts } from './prompt-texts.ts';

/** Blank lines and joints around each text, tokens. */
export const JOINT = 2;
/** Part of the room without the newest passage that pinned facts have for certain, and at most. */
const PINNED_SHARE = { sure: 0.15, most: 0.3 } as const;

/** Tokens of a text in the prompt. */
export type Cost = (text: string) => number;

/** Parts that are shortened rather than dropped. */
export type FixedPart = 'title' | 'premise' | 'cast' | 'direction' | 'guidance' | 'table';

/** A text as it stands in the prompt. */
export type Fitted = Pick<PromptPart, 'text' | 'isClipped'>;

/** A passage or an item of memory as it stands in the prompt. */
export interface FittedItem extends Fitted {
  id: string;
}

/** Everything but the story and what is not pinned. */
export interface Fixed {
  texts: Record<'title' | 'cast' | 'direction' | 'premise' | 'lines' | 'veils' | 'guidance', Fitted>;
  pinned: FittedItem[];
  droppedPinned: string[];
  clipped: Record<FixedPart, boolean>;
  cost: number;
}

/** The passages of a prompt. */
export interface FittedStory {
  /** Oldest first. */
  passages: FittedItem[];
  dropped: string[];
  isClipped: boolean;
  cost: number;
}

/** Tokens by text; a text nobody counted is taken at its worst, one token a byte. */
export function costOf(counts: ReadonlyMap<string, number>): Cost {
  return (text) => (text === '' ? 0 : (counts.get(text) ?? Buffer.byteLength(text)) + JOINT);
}

/** As many units as fit, from the front or from the back; never more than `room` tokens. */
export function fit(part: PromptText, room: number, cost: Cost, fromEnd = false): Fitted & { cost: number } {
  const whole = cost(part.text);
  if (whole <= room || part.text === '') return { text: part.text, isClipped: false, cost: whole };
  const units = fromEnd ? [...part.units].reverse() : part.units;
  const kept: string[] = [];
  let used = 0;
  for (const unit of units) {
    if (used + cost(unit) > room) break;
    used += cost(unit);
    kept.push(unit);
  }
  const text = (fromEnd ? kept.reverse() : kept).join('').trim();
  return { text, isClipped: true, cost: used };
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
  return { lines, veils, guidance, cost: lines.cost + veils.cost + guidance.cost };
}

/** What is always told: whole when it fits, else each part cut to its share, the premise last. */
function fitTold(texts: PromptTexts, all: number, cost: Cost, castJoint: string) {
  const full = texts.cast.map((line) => line.full);
  const parts = [texts.lines, texts.veils, texts.guidance, texts.title, texts.direction, texts.premise];
  const whole = [...parts.map((part) => part.text), ...full].reduce((sum, text) => sum + cost(text), 0);
  const isRoomy = whole <= all;
  const { cost: tableCost, ...table } = fitTable(texts, all, isRoomy, cost);
  const room = all - tableCost;
  const share = (part: number) => (isRoomy ? room : Math.floor(room * part));
  const title = fit(texts.title, share(0.1), cost);
  const { lines, cost: castCost } = fitCast(texts, share(0.4), cost);
  const direction = fit(texts.direction, share(0.2), cost);
  const premise = fit(texts.premise, room - title.cost - castCost - direction.cost, cost);
  const cast = { text: lines.join(castJoint), isClipped: lines.join('\n') !== full.join('\n') };
  return {
    texts: { ...table, title, cast, direction, premise },
    cost: tableCost + title.cost + castCost + direction.cost + premise.cost,
  };
}

/** Pinned facts in their order; the first that has no room as a whole is shortened, the others are dropped. */
function fitPinned(pinned: readonly MemoryText[], room: number, cost: Cost) {
  const items: FittedItem[] = [];
  const dropped: string[] = [];
  let used = 0;
  let isFull = false;
  for (const item of pinned) {
    const { text, isClipped, cost: tokens } = fit(item, isFull ? 0 : room - used, cost);
    isFull ||= isClipped;
    if (text === '') dropped.push(item.id);
    else items.push({ id: item.id, text, isClipped });
    used += tokens;
  }
  return { items, dropped, cost: used };
}

/**
 * Everything that does not go with the story, in `all` tokens. Pinned facts have a share of it for certain, and more
 * only of what the rest leaves over: they take nothing else away.
 */
export function fitFixed(texts: PromptTexts, all: number, cost: Cost, castJoint: string): Fixed {
  const { pinned: facts } = texts.memory;
  const sure = fitPinned(facts, Math.floor(all * PINNED_SHARE.sure), cost);
  const told = fitTold(texts, all - sure.cost, cost, castJoint);
  const most = Math.min(Math.floor(all * PINNED_SHARE.most), all - told.cost);
  const pinned = fitPinned(facts, Math.max(sure.cost, most), cost);
  const { title, cast, direction, premise, guidance, lines, veils } = told.texts;
  return {
    texts: told.texts,
    pinned: pinned.items,
    droppedPinned: pinned.dropped,
    clipped: {
      title: title.isClipped,
      cast: cast.isClipped,
      direction: direction.isClipped,
      premise: premise.isClipped,
      guidance: guidance.isClipped,
      table: lines.isClipped || veils.isClipped,
    },
    cost: told.cost + pinned.cost,
  };
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
export function fitStory(texts: PromptTexts, room: number, cost: Cost): FittedStory {
  const pieces: (FittedItem & { cost: number })[] = [];
  let used = 0;
  let isClipped = false;
  for (const passage of texts.passages) {
    const isNewest = pieces.length === 0;
    const part = { text: passage.text, units: isNewest ? texts.newestUnits : [] };
    const piece = fit(part, room - used, cost, true);
    if (piece.text === '') break;
    isClipped ||= piece.isClipped;
    pieces.push({ ...piece, id: passage.id });
    used += piece.cost;
    if (isClipped) break;
  }
  const isWhole = pieces.length === texts.passages.length && texts.tooOld.length === 0;
  const count = isWhole || isClipped ? pieces.length : keptAtBlock(texts.passages, pieces.length);
  const kept = pieces.slice(0, count).reverse();
  const dropped = texts.passages.slice(count).map((passage) => passage.id);
  return {
    passages: kept.map(({ id, text, isClipped: isCut }) => ({ id, text, isClipped: isCut })),
    dropped: [...texts.tooOld, ...dropped.reverse()],
    isClipped,
    cost: kept.reduce((sum, piece) => sum + piece.cost, 0),
  };
}
