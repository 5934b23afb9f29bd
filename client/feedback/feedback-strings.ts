import { count } from '../string-parts.ts';

// The words of readers' feedback; what strings.ts is for the rest of the client.

/** The text of feedback on the narrator's passages. */
export const FEEDBACK = {
  group: 'What you think of this passage',
  good: 'Good',
  broke: 'This broke our story',
  more: 'Say more…',
  moreTitle: 'What you think of this passage',
  rating: 'How good is it?',
  ratingNote: '1: not good, 5: very good',
  noRating: 'no rating',
  stars: (n: number) => count(n, 'point of 5', 'points of 5'),
  words: 'In your words (if you like)',
  wordsHint: 'Kept on this server with the version of the narrator that wrote it. Game masters may read it.',
  send: 'Send',
  sent: 'Thank you. It is kept.',
  brokeSent: 'Thank you. The game masters are told.',
} as const;
