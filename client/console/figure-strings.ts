import type { CollabMetric } from '../../sessions/monitor-view.ts';
import { count } from '../string-parts.ts';

// The words of the session's figures: what each says, in words and in numbers, and what it means.

/** How a figure is told. */
export interface FigureWords {
  name: string;
  /** What the value says. */
  words: (value: number) => string;
  /** The value with its unit. */
  number: (value: number) => string;
  /** Why there may be none yet. */
  missing: string;
  /** What it is, in a sentence. */
  means: string;
}

const percent = (value: number): string => `${Math.round(100 * value)} %`;
const ofOne = (value: number): string => `${value.toFixed(2)} of 1`;
/** The words that belong to the first limit that the value reaches. */
const step =
  (...limits: readonly (readonly [least: number, words: string])[]) =>
  (value: number): string =>
    limits.find(([least]) => value >= least)?.[1] ?? '';

const TWO_PEOPLE = 'needs two people who were here for half of the window';

/** How each figure of a session is told. */
export const FIGURES = {
  balance: {
    name: 'Spread of words',
    words: step(
      [0.7, 'People write about as much as each other'],
      [0.35, 'Some people write more than others'],
      [0, 'One person writes most of it'],
    ),
    number: ofOne,
    missing: TWO_PEOPLE,
    means:
      'One minus the Gini coefficient of words by the people who were here for half of the last 15 minutes or 30 passages: 1 when all write as much, 0 when one writes everything. Uneven is not bad in itself.',
  },
  jain: {
    name: 'Spread of words, Jain’s index',
    words: step([0.8, 'Even'], [0.5, 'Uneven'], [0, 'Very uneven']),
    number: ofOne,
    missing: TWO_PEOPLE,
    means: 'The same words by another measure: 1 when all write as much, 1 ÷ n when one of n writes all.',
  },
  turn_balance: {
    name: 'Spread of turns',
    words: step(
      [0.7, 'People add about as many passages as each other'],
      [0.35, 'Some people add more passages than others'],
      [0, 'One person adds most passages'],
    ),
    number: ofOne,
    missing: TWO_PEOPLE,
    means: 'As the spread of words, over passages: somebody with few long passages looks otherwise here.',
  },
  turn_taking: {
    name: 'Changes of author',
    words: step(
      [0.6, 'The author changes at most passages'],
      [0.25, 'The author changes now and then'],
      [0, 'Passages come in long runs by one author'],
    ),
    number: ofOne,
    missing: 'needs two passages',
    means: 'How many neighbouring passages have different authors: 1 all of them, 0 none.',
  },
  ideas_per_minute: {
    name: 'New ideas in time',
    words: step([2, 'Ideas come fast'], [0.5, 'Ideas come steadily'], [0, 'Few new ideas']),
    number: (value) => `${value.toFixed(1)} a minute`,
    missing: 'nobody has written for long enough',
    means:
      'Names and rare words that a person brought into the story, for each minute in which people wrote.',
  },
  ideas_per_100_words: {
    name: 'New ideas in the text',
    words: step([8, 'Much is new'], [3, 'Some is new'], [0, 'Most goes on with what is there']),
    number: (value) => `${value.toFixed(1)} in 100 words`,
    missing: 'people have written too little',
    means: 'The same ideas, for each hundred words of people.',
  },
  ideas_kept: {
    name: 'Ideas taken up',
    words: step(
      [0.5, 'Most ideas are taken up'],
      [0.2, 'Some ideas are taken up'],
      [0, 'Few ideas are taken up'],
    ),
    number: percent,
    missing: 'there are no ideas yet',
    means: 'Of the ideas that people brought in, how many anybody mentioned again later.',
  },
  coherence: {
    name: 'Fit where the author changes',
    words: step(
      [0.93, 'Passages of different authors fit well'],
      [0.8, 'Passages of different authors fit as usual'],
      [0, 'Passages of different authors fit badly'],
    ),
    number: ofOne,
    missing: 'needs changes of author between passages of 25 words or more',
    means: 'How well a passage fits the three before it, over the last ten changes of author.',
  },
  coherence_gap: {
    name: 'Loss where the author changes',
    words: step(
      [0.15, 'Authors tell different stories'],
      [0.05, 'A little is lost where the author changes'],
      [-1, 'Nothing is lost where the author changes'],
    ),
    number: (value) => value.toFixed(2),
    missing: 'needs 8 changes of author and 8 passages that follow one by the same author',
    means:
      'Fit within one author’s passages minus fit where the author changes; 0.15 or more is worth a look.',
  },
  threads: {
    name: 'Threads in play',
    words: step(
      [0.8, 'The threads of the plot are in play'],
      [0.6, 'Some threads rest'],
      [0, 'Many threads were left open'],
    ),
    number: percent,
    missing: 'no thread has been found or made',
    means:
      'Of the threads of the last 60 passages, how many are not dormant. A thread is one you made, or a name in three passages or more; it is dormant when it has not come up for twice to three times as long as usual.',
  },
  synergy: {
    name: 'Building on each other',
    words: step(
      [0.75, 'People build on each other and add something'],
      [0.45, 'People build on each other at times'],
      [0, 'People write past each other, or repeat each other'],
    ),
    number: ofOne,
    missing: 'needs turns of one author after another’s',
    means:
      'For each turn after somebody else’s: how much it takes up, and how much it adds. A copy is 0, and so is a text that takes nothing up.',
  },
  conflict_resolution: {
    name: 'Conflicts settled',
    words: step(
      [0.9, 'Conflicts are settled soon'],
      [0.5, 'Some conflicts stay open'],
      [0, 'Most conflicts stay open'],
    ),
    number: percent,
    missing: 'fewer than three conflicts in half an hour, which is good',
    means:
      'A conflict opens when two people edit the same words within 10 seconds, when one takes out half of what another has just written, or when a contradiction is told; it is settled by a minute’s quiet or by you. This is the share settled within 2 minutes.',
  },
  conflict_seconds: {
    name: 'Time to settle a conflict',
    words: step([120, 'Slow'], [0, 'Quick']),
    number: (value) => `${Math.round(value)} s`,
    missing: 'no conflict has been settled',
    means: 'Half of the conflicts were settled in less than this.',
  },
  engagement: {
    name: 'Going along with the narrator',
    words: step(
      [0.93, 'The table goes along'],
      [0.75, 'The table goes along as usual'],
      [0, 'The table goes along less than usual'],
    ),
    number: ofOne,
    missing: 'the narrator has written too little',
    means:
      'Whether people answer the narrator’s passages within 2 minutes, are active, keep its text, and do not mark it as bad.',
  },
  voice: {
    name: 'Voices of the cast',
    words: step([0.85, 'Characters sound like themselves'], [0, 'A character sounds unlike itself']),
    number: ofOne,
    missing: 'nobody of the cast has spoken enough',
    means:
      'Whether characters keep to their cards: words they never use, language, person, register, length of sentences; style only over 600 words of dialogue.',
  },
  narrator_share: {
    name: 'The narrator’s part',
    words: step(
      [0.6, 'The narrator writes most of the story'],
      [0.3, 'The narrator writes a good part'],
      [0, 'People write most of the story'],
    ),
    number: percent,
    missing: 'nothing has been written',
    means: 'The narrator’s words among all words shown.',
  },
  sync_overhead: {
    name: 'Cost of typing together',
    words: step([20, 'Much is sent for little text'], [0, 'As usual']),
    number: (value) => `${value.toFixed(1)} bytes for a byte of text`,
    missing: 'nobody has typed yet',
    means: 'What goes over the line for each byte of text that is written.',
  },
  contention: {
    name: 'Waiting for the narrator',
    words: step(
      [0.5, 'The narrator is waited for longer than it writes'],
      [0.1, 'There is some waiting'],
      [0, 'Hardly any waiting'],
    ),
    number: percent,
    missing: 'nobody has asked the narrator in the last minutes',
    means: 'Of the time of requests to the narrator in the last 5 minutes, the part that was spent waiting.',
  },
  slowdown: {
    name: 'Slower than alone',
    words: step(
      [3, 'Others on this server take most of the narrator'],
      [1.2, 'Others use the narrator too'],
      [0, 'As fast as alone'],
    ),
    number: (value) => `${value.toFixed(1)} times as long`,
    missing: 'nobody has asked the narrator in the last minutes',
    means: 'How much longer a request took than its writing alone.',
  },
  satisfaction: {
    name: 'Readers’ ratings',
    words: step([4, 'Readers like it'], [3, 'Readers are of two minds'], [0, 'Readers are not happy']),
    number: (value) => `${value.toFixed(1)} of 5`,
    missing: 'nobody has rated a passage',
    means:
      'The mean of readers’ ratings, beginning with ten ratings of 4 so that the first one does not decide.',
  },
} as const satisfies Record<CollabMetric, FigureWords>;

/** The sentence about who writes how much; a hint. */
export const SPREAD = {
  none: 'Nobody has written in this time.',
  one: (share: number) => `One person wrote ${percent(share)} of what people wrote lately.`,
  even: (writers: number) => `${count(writers, 'person', 'people')} wrote about as much as each other.`,
  some: (writers: number, share: number) =>
    `${count(writers, 'person', 'people')} wrote; the one with most wrote ${percent(share)}.`,
  alone: 'One person is writing.',
  quiet: (n: number) =>
    `${n === 1 ? 'One person is' : `${n} people are`} here and ${n === 1 ? 'has' : 'have'} not written lately.`,
  share: percent,
} as const;
