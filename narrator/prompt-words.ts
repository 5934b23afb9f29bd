import type { Rating } from '../sessions/protocol.ts';
import type { StoryContext } from '../sessions/ports.ts';

/**
 * Raised whenever the words or the order of prompts change: what the model writes then comes of another version of
 * the narrator.
 */
export const PROMPT_REVISION = 2;

/** What stands in front of each text of the continuation shape. */
export const HEADER_LABELS = {
  title: 'Title: ',
  style: 'Style: simple story',
  cast: 'Characters: ',
  lines: 'Never: ',
  veils: 'Off-screen: ',
  facts: 'Facts: ',
  summaries: 'Summary: ',
  guidance: 'Note: ',
  direction: 'Words: ',
} as const;

/** What stands in front of each text of the chat shape. */
export const CHAT_LABELS = {
  lines: 'Never write about any of these, not even in passing: ',
  veils: 'These happen off-screen only; allude to them or fade to black before they show: ',
  title: 'Title: ',
  premise: 'Premise: ',
  cast: 'Cast:\n',
  facts: 'To be kept in mind, one a line:\n',
  summaries: 'What happened before, in short:\n\n',
  story: 'The story so far:\n\n',
  noStory: 'The story has not begun yet.',
  request: '----\n',
  direction: 'The players want this to happen: ',
  guidance: 'A private note of the game master, to be followed and never mentioned: ',
} as const;

/** Closes what is said of lines and veils, for chat models. */
export const TABLE_RULE = 'Keep to that without ever mentioning it.';

const RATING_RULES = {
  everyone: 'The story is for all ages: no gore, no sexual content, no slurs.',
  teen: 'The story is for readers from 13: peril and romance stay mild, no sexual content, no slurs.',
  mature: 'The story is for adults. Never sexual content with anybody under 18.',
} as const satisfies Record<Rating, string>;

/** The narrator's standing orders for chat models. Holds no story text. */
export function chatRules(context: Pick<StoryContext, 'rating'>): string {
  return [
    'You are the narrator of a story that several people write together.',
    'Continue it in its own language, tense and person, in the same style.',
    'Write story text only: no headings, lists, notes, choices or questions to the players, and nothing about yourself.',
    'Do not repeat what stands already. End with a finished sentence.',
    'Characters marked as played by a person belong to that person: never write their speech, thoughts or actions.',
    RATING_RULES[context.rating],
  ].join('\n');
}

/** What is asked for in this turn, for chat models; `words` is the length to aim at. */
export function chatRequest(context: Pick<StoryContext, 'speakAs' | 'cast'>, words: number): string {
  const parts = [`Write the next passage of the story, about ${words} words or fewer.`];
  if (context.speakAs !== null) parts.push(`Write it as what ${context.speakAs} says and does.`);
  if (context.cast.some((member) => member.isProtected)) {
    parts.push('Leave room for the characters played by people.');
  }
  return parts.join('\n');
}
