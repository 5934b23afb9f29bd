import type { ModelInfo, StoryContext } from '../sessions/ports.ts';
import { CHAT_LABELS, HEADER_LABELS, TABLE_RULE, chatRequest, chatRules } from './prompt-words.ts';
import { splitSentences } from './sentences.ts';

/** No tokenizer in use packs more characters than this into a token on average over a passage. */
const CHARS_PER_TOKEN_AT_MOST = 12;
/** Units longer than this are cut at spaces so that clipping is fine-grained, UTF-16 units. */
const UNIT_LENGTH = 120;
const WORDS_AT_MOST = 6;
/** A long story is cut at blocks of this many characters for each token of the context: a sixth of it or so. */
const BLOCK_CHARS_PER_TOKEN = 0.6;
/** Continuation models with a larger context than this get the cast's descriptions, tokens. */
const DESCRIPTIONS_FROM = 2_048;
const MAX_WORDS = 9_999;
/** Memory beyond this can never have room: characters for each token of the context, for each kind. */
const MEMORY_CHARS_PER_TOKEN = 0.3 * CHARS_PER_TOKEN_AT_MOST;
/** A topic of the table is a word or a short description, UTF-16 units. */
const TOPIC_LENGTH = 160;

const STOPWORDS = new Set(
  (
    'a an and are as at be been but by can could did do does for from get go goes had has have he her here him his how i if in ' +
    'into is it its just let lets like make makes may me more most must my no not now of off on one or our out over please ' +
    'she should so some than that the their them then there these they this to up us very was we were what when where ' +
    'which while who why will with would you your about after again also because before between continue describe each ' +
    'every passage scene sentence story tell write narrator'
  ).split(' '),
);

/** Typographic quotes, ellipses and hard spaces as the plain ASCII that small models were trained on. */
function plainMarks(text: string): string {
  return text
    .replaceAll(/[\u201c\u201d\u201e\u00ab\u00bb]/g, '"')
    .replaceAll(/[\u2018\u2019\u201a]/g, "'")
    .replaceAll('\u2026', '...')
    .replaceAll('\u00a0', ' ');
}

/** The words of a direction that say something, in order, lower case, at most six; names of the cast left out. */
export function contentWords(direction: string, castNames: readonly string[]): string[] {
  const names = new Set(castNames.flatMap((name) => name.toLowerCase().split(/\s+/)));
  const words = plainMarks(direction)
    .toLowerCase()
    .split(/[^\p{L}'-]+/u)
    .map((word) => word.replaceAll(/^['-]+|['-]+$/g, '').replace(/'s$/, ''))
    .filter((word) => word.length > 2 && !STOPWORDS.has(word) && !names.has(word));
  return [...new Set(words)].slice(0, WORDS_AT_MOST);
}

/** Sentences, and the words of long ones: the smallest pieces that a text is clipped to. They join to `text`. */
export function unitsOf(text: string): string[] {
  return splitSentences(text).flatMap((sentence) => {
    if (sentence.length <= UNIT_LENGTH) return [sentence];
    return (sentence.match(/\s*\S+\s*?(?=\s|$)|\s+$/g) ?? [sentence]).flatMap(
      (word) => word.match(/[\s\S]{1,120}/gu) ?? [],
    );
  });
}

/** One text of the prompt and its parts, to be counted by the model. */
export interface PromptText {
  text: string;
  units: string[];
}

/** A fact or summary as it can stand in the prompt: on one line. */
export interface MemoryText extends PromptText {
  id: string;
  /** What a summary tells; [] for facts. */
  passageIds: readonly string[];
}

/** What is known of older passages. */
interface MemoryTexts {
  /** In the order in which they were pinned. */
  pinned: MemoryText[];
  /** Newest first. */
  facts: MemoryText[];
  summaries: MemoryText[];
  /** Items for which no prompt of this size can have room; never counted. */
  tooMany: string[];
}

/** Everything that can enter the prompt of one turn, taken from one session's context and nothing else. */
export interface PromptTexts {
  /** Fixed words of the form: labels, rules, the request. */
  frame: string;
  title: PromptText;
  /** One line per cast member, the voiced one first; `short` leaves the description out. */
  cast: { full: string; short: string }[];
  premise: PromptText;
  /** Topics of the table, never and off-screen; both '' for models that would rather take them up. */
  lines: PromptText;
  veils: PromptText;
  /** What to do otherwise this time. */
  guidance: PromptText;
  direction: PromptText;
  /** What stands of this very turn, or the words that the passage must begin with. */
  tail: PromptText;
  /** Candidate passages, newest first. `opensBlock`: a prompt that cannot hold the whole story may begin with it. */
  passages: { id: string; text: string; opensBlock: boolean }[];
  /** Units of the newest passage, which is shortened rather than dropped. */
  newestUnits: string[];
  memory: MemoryTexts;
  /** Passages too far back to fit into any prompt of this size; never counted. Oldest first. */
  tooOld: string[];
}

function asText(text: string): PromptText {
  return { text, units: unitsOf(text) };
}

function onOneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}

/** Topics in one line; each is a unit. */
function asTopics(topics: readonly string[], clean: (text: string) => string): PromptText {
  const cut = topics.map((topic) => onOneLine(clean(topic)).slice(0, TOPIC_LENGTH)).filter(Boolean);
  const units = cut.map((topic, at) => (at === 0 ? topic : `; ${topic}`));
  return { text: units.join(''), units };
}

/**
 * What the table has said, as far as the model can be told. The demo model takes every word of its header as a
 * wish: a topic named there as unwanted turned up in 23 of 60 passages instead of none. It is left to those who look at what it writes.
 */
function tableTexts(context: StoryContext, info: ModelInfo, clean: (text: string) => string) {
  const { lines, veils, guidance } = info.isDemo ? { lines: [], veils: [], guidance: null } : context;
  return {
    lines: asTopics(lines, clean),
    veils: asTopics(veils, clean),
    guidance: asText(onOneLine(clean(guidance ?? ''))),
  };
}

function candidates(context: StoryContext, info: ModelInfo, clean: (text: string) => string) {
  const passages: PromptTexts['passages'] = [];
  const tooOld: string[] = [];
  const block = info.contextTokens * BLOCK_CHARS_PER_TOKEN;
  let before = context.passages.reduce((sum, passage) => sum + passage.text.length, 0);
  let room = info.contextTokens * CHARS_PER_TOKEN_AT_MOST;
  for (const passage of [...context.passages].reverse()) {
    const end = before;
    before -= passage.text.length;
    // A block begins somewhere in it: so it is whatever follows later.
    const opensBlock = Math.floor(before / block) !== Math.floor(end / block);
    const text = room <= 0 ? '' : clean(passage.text).trim();
    if (room <= 0) tooOld.unshift(passage.id);
    else if (text !== '') passages.push({ id: passage.id, text: text.slice(-room), opensBlock });
    room -= text.length;
  }
  return { passages, newestUnits: unitsOf(passages[0]?.text ?? ''), tooOld };
}

/** The words a passage begins with when the narrator is to speak as `name` in the continuation shape. */
function speechOpening(name: string): string {
  return `${name} said, "`;
}

function castLines(context: StoryContext, info: ModelInfo, clean: (text: string) => string) {
  const isChat = info.shape === 'chat';
  const isVoiced = (member: { name: string }) => member.name === context.speakAs;
  const ordered = [...context.cast.filter(isVoiced), ...context.cast.filter((member) => !isVoiced(member))];
  return ordered.map((member) => {
    const description = clean(member.description).trim();
    const name = clean(member.name);
    const rule = isChat && member.isProtected ? ' (played by a person)' : '';
    const short = isChat ? `- ${name}${rule}` : name;
    if (description === '' || (!isChat && info.contextTokens < DESCRIPTIONS_FROM))
      return { full: short, short };
    return { full: isChat ? `${short}: ${description}` : `${name} (${description})`, short };
  });
}

/** The items of memory that can have room, in the order given, and the ids of the others. */
function memoryItems(
  items: readonly { id: string; text: string; passageIds?: readonly string[] }[],
  room: number,
  clean: (text: string) => string,
): { kept: MemoryText[]; tooMany: string[] } {
  const kept: MemoryText[] = [];
  const tooMany: string[] = [];
  let used = 0;
  for (const { id, text, passageIds = [] } of items) {
    const line = used > room ? '' : onOneLine(clean(text));
    if (used > room) tooMany.push(id);
    else if (line !== '') kept.push({ id, text: line, units: [], passageIds });
    used += line.length;
  }
  return { kept, tooMany };
}

function memoryTexts(
  { memory }: StoryContext,
  info: ModelInfo,
  clean: (text: string) => string,
): MemoryTexts {
  const room = info.contextTokens * MEMORY_CHARS_PER_TOKEN;
  const pinned = memoryItems(
    memory.facts.filter((fact) => fact.isPinned),
    room,
    clean,
  );
  const facts = memoryItems(memory.facts.filter((fact) => !fact.isPinned).reverse(), room, clean);
  const summaries = memoryItems([...memory.summaries].reverse(), room, clean);
  return {
    // What is pinned is rather shortened than left out, and so is a summary that has no room as a whole.
    pinned: pinned.kept.map((item) => ({ ...item, units: unitsOf(item.text) })),
    facts: facts.kept,
    summaries: summaries.kept.map((item) => ({ ...item, units: splitSentences(item.text) })),
    tooMany: [...pinned.tooMany, ...facts.tooMany, ...summaries.tooMany],
  };
}

/** The words around the texts; what is not told needs none. */
function frameOf(context: StoryContext, info: ModelInfo, texts: Omit<PromptTexts, 'frame'>): string {
  const { lines, veils, guidance, memory } = texts;
  const told = {
    lines: lines.text !== '',
    veils: veils.text !== '',
    guidance: guidance.text !== '',
    facts: !info.isDemo && memory.pinned.length + memory.facts.length > 0,
    summaries: !info.isDemo && memory.summaries.length > 0,
  };
  const isTold = (label: string) => told[label as keyof typeof told] ?? true;
  const labels = info.shape === 'chat' ? CHAT_LABELS : HEADER_LABELS;
  const words = Object.entries(labels).flatMap(([label, text]) => (isTold(label) ? [text] : []));
  const own = info.shape === 'chat' ? [chatRules(context), TABLE_RULE, chatRequest(context, MAX_WORDS)] : [];
  return [...own, ...words].join('\n');
}

/**
 * The texts of a turn's prompt, to be counted before packing. Pure; reads one session's context only (S3.F5).
 * Small continuation models get names without descriptions and plain ASCII marks, as their cards ask.
 */
export function promptTexts(context: StoryContext, info: ModelInfo): PromptTexts {
  const isChat = info.shape === 'chat';
  const clean = isChat ? (text: string) => text : plainMarks;
  const names = context.cast.map((member) => member.name);
  const direction = context.direction ?? '';
  const opening = !isChat && context.speakAs !== null ? speechOpening(clean(context.speakAs)) : '';
  const texts = {
    title: asText(clean(context.title).trim()),
    cast: castLines(context, info, clean),
    premise: asText(clean(context.premise).trim()),
    ...tableTexts(context, info, clean),
    direction: asText(isChat ? direction.trim() : contentWords(direction, names).join(', ')),
    tail: asText(context.written.trim() === '' ? opening : clean(context.written).trimEnd()),
    ...candidates(context, info, clean),
    memory: memoryTexts(context, info, clean),
  };
  return { frame: frameOf(context, info, texts), ...texts };
}

/** Every text whose tokens the packing may ask for, without doubles. */
export function countable(texts: PromptTexts): string[] {
  const { title, premise, lines, veils, guidance, direction, tail, memory } = texts;
  const parts = [title, premise, lines, veils, guidance, direction, tail];
  parts.push(...memory.pinned, ...memory.facts, ...memory.summaries);
  return [
    ...new Set([
      texts.frame,
      ...parts.flatMap((part) => [part.text, ...part.units]),
      ...texts.cast.flatMap((line) => [line.full, line.short]),
      ...texts.passages.map((passage) => passage.text),
      ...texts.newestUnits,
    ]),
  ];
}
