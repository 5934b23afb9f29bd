import type { Rating } from '../sessions/protocol.ts';
import type { StoryContext } from '../sessions/ports.ts';

/** The labels of the continuation shape, for counting. */
export const CONTINUATION_LABELS = 'Title: \nStyle: simple story\nCharacters: \nWords: \n\n';
/** Those of what the table has said. */
export const TABLE_LABELS = { lines: 'Never: ', veils: 'Off-screen: ', guidance: 'Note: ' } as const;

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

/** What the table has agreed on, for chat models; '' without lines and veils. They hold for all turns of a story. */
export function chatLimits(lines: string, veils: string): string {
  const parts: string[] = [];
  if (lines !== '') parts.push(`Never write about any of these, not even in passing: ${lines}`);
  if (veils !== '')
    parts.push(`These happen off-screen only; allude to them or fade to black before they show: ${veils}`);
  if (parts.length > 0) parts.push('Keep to that without ever mentioning it.');
  return parts.join('\n');
}

/** What is asked for in this turn, for chat models; `words` is the length to aim at. */
export function chatRequest(
  context: Pick<StoryContext, 'speakAs' | 'cast'>,
  { direction, guidance }: { direction: string; guidance: string },
  words: number,
): string {
  const parts = [`Write the next passage of the story, about ${words} words or fewer.`];
  if (context.speakAs !== null) parts.push(`Write it as what ${context.speakAs} says and does.`);
  if (direction !== '') parts.push(`The players want this to happen: ${direction}`);
  if (context.cast.some((member) => member.isProtected)) {
    parts.push('Leave room for the characters played by people.');
  }
  if (guidance !== '')
    parts.push(`A private note of the game master, to be followed and never mentioned: ${guidance}`);
  return parts.join('\n');
}
