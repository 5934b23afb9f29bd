import type { PromptPart } from '../../sessions/sight.ts';
import { count } from '../string-parts.ts';

// The words of "what the narrator saw"; what strings.ts is for the rest of the client.

const number = (n: number): string => n.toLocaleString('en');

/** The text of the dialog about what a passage was written from. */
export const SIGHT = {
  menu: 'What the narrator saw…',
  title: 'What the narrator saw',
  intro: 'All that the model was given for this passage, in the order in which it read it.',
  loading: 'Fetching it…',
  none: 'Nothing is kept about this passage.',
  alternative: 'Alternative',
  alternativeOf: (at: number, of: number) => `${at} of ${of}`,
  kinds: {
    rules: 'Rules for the narrator',
    title: 'Title of the story',
    premise: 'Premise',
    cast: 'Cast',
    lines: 'Lines: what never comes up',
    veils: 'Veils: what stays out of view',
    fact: 'Fact from memory',
    summary: 'Summary from memory',
    passage: 'Passage of the story',
    direction: 'Direction of the player who asked',
    guidance: 'Private note of a game master',
    request: 'What was asked for',
    written: 'What it had already written',
  } satisfies Record<PromptPart['kind'], string>,
  size: (n: number) => `${number(n)} ${n === 1 ? 'character' : 'characters'}`,
  clipped: 'only a part of it fitted',
  hidden: 'not shown',
  hiddenWhy: {
    passage: 'This passage is no longer in the story. Game masters can read it.',
    memory: 'This note counts no longer, or its passages are not in the story. Game masters can read it.',
    other: 'A private note of the game masters.',
  },
  goTo: 'Go to the passage',
  goToMemory: 'See it in what the narrator knows',
  openAll: 'Open all parts',
  closeAll: 'Close all parts',
  dropped: 'Left out for want of room',
  droppedPassages: (n: number) => `${count(n, 'older passage', 'older passages')}:`,
  droppedMemory: (n: number) => `${count(n, 'note', 'notes')} from memory.`,
  noneDropped: 'Nothing was left out.',
  passageAway: 'a passage that is not in the story now',
  more: (n: number) => `and ${n} more`,
  figures: 'How it was written',
  model: 'Model',
  version: 'Version of the narrator',
  sampling: 'Sampling',
  samplingOf: (temperature: number, topP: number, minP: number) =>
    `temperature ${temperature}, top-p ${topP}, min-p ${minP}`,
  seed: 'Seed',
  noSeed: 'random, not known',
  tokens: 'Tokens',
  tokensOf: (of: { prompt: number; context: number; output: number; max: number }) =>
    `read ${number(of.prompt)} of ${number(of.context)} that fit, wrote ${number(of.output)} of ${number(of.max)} allowed`,
  wait: 'Waited',
  waitOf: (ms: number) => (ms < 1_000 ? 'less than a second' : `${number(Math.round(ms / 100) / 10)} s`),
  when: 'Ended',
  parts: 'What it read',
  copy: 'Copy all as text',
  copied: 'What the narrator saw is copied.',
} as const;
