import type { ModelInfo, Prompt, StoryContext } from '../sessions/ports.ts';
import type { PromptPart } from '../sessions/sight.ts';
import type { Fitted, FittedItem, Fixed } from './prompt-fit.ts';
import { CHAT_LABELS, HEADER_LABELS, TABLE_RULE, chatRequest, chatRules } from './prompt-words.ts';

/** What goes into a prompt. */
export interface Contents {
  fixed: Fixed;
  facts: FittedItem[];
  summaries: FittedItem[];
  passages: FittedItem[];
  /** What the passage begins with. */
  tail: Fitted;
}

/** A text of the prompt with the label and white space in front of it; without a part it is a label alone. */
interface Piece {
  label: string;
  part: PromptPart | null;
}

/** A prompt and the parts it is made of: written down in order, with labels between, they are the prompt. */
export interface Formed {
  prompt: Prompt;
  parts: PromptPart[];
}

function piece(kind: PromptPart['kind'], { text, isClipped }: Fitted, label = ''): Piece[] {
  return text === '' ? [] : [{ label, part: { kind, id: null, text, isClipped } }];
}

/** Items under one label; `joint` stands between them. */
function list(kind: PromptPart['kind'], items: readonly FittedItem[], label: string, joint: string): Piece[] {
  return items.map(({ id, text, isClipped }, at) => ({
    label: at === 0 ? label : joint,
    part: { kind, id, text, isClipped },
  }));
}

const whole = (text: string): Fitted => ({ text, isClipped: false });

/** Groups of pieces in one text, `joint` between the groups. */
function written(groups: readonly Piece[][], joint: string): string {
  const texts = groups.map((group) => group.map(({ label, part }) => label + (part?.text ?? '')).join(''));
  return texts.filter((text) => text !== '').join(joint);
}

function partsOf(groups: readonly Piece[][]): PromptPart[] {
  return groups.flat().flatMap(({ part }) => part ?? []);
}

/**
 * A header of labelled lines, a blank line, the text. The demo model knows no label for memory: it gets it as the
 * first paragraph of the story.
 */
export function continuationForm(info: ModelInfo, contents: Contents): Formed {
  const { fixed, passages, tail } = contents;
  const { texts } = fixed;
  const labels = HEADER_LABELS;
  const facts = [...fixed.pinned, ...contents.facts];
  const { summaries } = contents;
  const early = [
    ...list('fact', facts, '', ' '),
    ...list('summary', summaries, facts.length > 0 ? ' ' : '', ' '),
  ];
  const memory = [list('fact', facts, labels.facts, ' '), list('summary', summaries, labels.summaries, ' ')];
  const header = [
    piece('title', texts.title, labels.title),
    info.isDemo ? [{ label: labels.style, part: null }] : [],
    piece('cast', texts.cast, labels.cast),
    piece('lines', texts.lines, labels.lines),
    piece('veils', texts.veils, labels.veils),
    ...(info.isDemo ? [] : memory),
    piece('guidance', texts.guidance, labels.guidance),
    piece('direction', texts.direction, labels.direction),
  ];
  const body = [
    piece('premise', texts.premise),
    info.isDemo ? early : [],
    ...passages.map((passage) => list('passage', [passage], '', '')),
    piece('written', tail),
  ];
  const head = written(header, '\n');
  const text = `${head === '' ? '' : `${head}\n\n`}${written(body, '\n\n')}`;
  return { prompt: { shape: 'continuation', text }, parts: partsOf([...header, ...body]) };
}

function systemGroups(context: StoryContext, { fixed, facts }: Contents): Piece[][] {
  const { texts } = fixed;
  const labels = CHAT_LABELS;
  const lines = piece('lines', texts.lines, labels.lines);
  const veils = piece('veils', texts.veils, lines.length > 0 ? `\n${labels.veils}` : labels.veils);
  const table = [...lines, ...veils];
  return [
    piece('rules', whole(chatRules(context))),
    table.length === 0 ? [] : [...table, ...piece('rules', whole(TABLE_RULE), '\n')],
    piece('title', texts.title, labels.title),
    piece('premise', texts.premise, labels.premise),
    piece('cast', texts.cast, labels.cast),
    list('fact', [...fixed.pinned, ...facts], labels.facts, '\n'),
  ];
}

/** System: what holds for the whole story, and facts. User: the story, in short and in full, and the request. */
export function chatForm(context: StoryContext, contents: Contents, words: number): Formed {
  const { fixed, summaries, passages, tail } = contents;
  const labels = CHAT_LABELS;
  const system = systemGroups(context, contents);
  const story = [
    list('summary', summaries, labels.summaries, '\n\n'),
    list('passage', passages, labels.story, '\n\n'),
    passages.length > 0 ? [] : [{ label: labels.noStory, part: null }],
  ];
  const request = [
    ...piece('request', whole(chatRequest(context, words)), labels.request),
    ...piece('direction', fixed.texts.direction, `\n${labels.direction}`),
    ...piece('guidance', fixed.texts.guidance, `\n${labels.guidance}`),
  ];
  const user = [...story, request];
  const answer = [piece('written', tail)];
  const messages: Extract<Prompt, { shape: 'chat' }>['messages'] = [
    { role: 'system', content: written(system, '\n\n') },
    { role: 'user', content: written(user, '\n\n') },
  ];
  if (tail.text !== '') messages.push({ role: 'assistant', content: tail.text });
  return { prompt: { shape: 'chat', messages }, parts: partsOf([...system, ...user, ...answer]) };
}
