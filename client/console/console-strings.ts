import type { HealthReason, Issue, MonitorAction, ThreadView } from '../../sessions/monitor-view.ts';
import { count } from '../string-parts.ts';

// The words of the game master's console; what strings.ts is for the rest of the client.

/** The text of the console. */
export const CONSOLE = {
  panel: 'Game master’s console',
  nothingYet: 'The server has not told any figures yet. They come when somebody writes.',
  here: (present: number, active: number) =>
    `${count(present, 'person is', 'people are')} here, ${active} active in the last 5 minutes.`,
  health: {
    title: 'How it goes',
    fine: 'Nothing stands out.',
    levels: { yellow: 'Worth a look:', red: 'Needs you:' } satisfies Record<HealthReason['level'], string>,
  },
  issues: {
    title: 'What stands out',
    none: 'No issue is open.',
    names: {
      dominated: 'One person writes almost everything',
      stalled: 'Nobody has done anything for a while',
      diverging: 'Authors tell different stories',
      voice_break: 'A character sounds unlike itself',
      conflict_loop: 'Several conflicts are open at once',
      starved: 'Somebody waits very long for the narrator',
      unsafe_streak: 'Several texts were held one after the other',
    } satisfies Record<Issue, string>,
    nothingDone: 'The server has done nothing about it so far.',
    done: (when: string) => `What the server did, ${when}:`,
    why: 'Why:',
    mute: 'Leave it alone…',
    muteOf: (name: string) => `Leave it alone: ${name}`,
    muteTitle: 'The server does nothing about it',
    lengths: { 10: 'for 10 minutes', 60: 'for 1 hour', 240: 'this evening (4 hours)' } as Record<
      number,
      string
    >,
    unmute: 'Do something about it again',
    muted: (until: string) => `Left alone until ${until}.`,
  },
  people: {
    title: 'Who writes how much',
    window: 'The last 15 minutes or 30 passages, whichever is longer.',
    hint: 'A hint for you, not a score of anybody: much or little can be just right for a scene.',
    list: 'Everybody’s words',
    words: (n: number) => count(n, 'word', 'words'),
    turns: (n: number) => count(n, 'turn', 'turns'),
    row: (words: string, turns: string, share: string) => `${words}, ${turns}, ${share}`,
    presence: (isPresent: boolean, isActive: boolean) =>
      isActive ? 'active' : isPresent ? 'here, not active' : 'away',
    minutes: 'Words a minute, the last 30 minutes',
    minutesTold: (most: number) => `At most ${count(most, 'word', 'words')} in a minute.`,
    earlier: '30 min ago',
    now: 'now',
    minute: 'Minute',
    who: 'Words by author',
    nothing: 'No words in the last 30 minutes.',
  },
  waiting: {
    title: 'What waits',
    review: (n: number) => `${count(n, 'thing waits', 'things wait')} for you to look at`,
    oldest: (age: string) => `, the oldest for ${age}.`,
    toReview: 'Go to the review',
    noReview: 'Nothing waits for review.',
    narrator: (queued: number, isWriting: boolean) =>
      [
        ...(isWriting ? ['The narrator is writing'] : []),
        ...(queued > 0 ? [`${count(queued, 'request waits', 'requests wait')} for the narrator`] : []),
      ].join('; '),
    noNarrator: 'Nobody waits for the narrator.',
    drafts: (n: number) => `${count(n, 'passage is', 'passages are')} being written.`,
    round: (n: number) => `The round waits for ${count(n, 'person', 'people')}.`,
  },
  threads: {
    title: 'Threads of the plot',
    none: 'None yet. A name that comes up in three passages is found by itself.',
    dormant: (n: number) => `${n === 1 ? 'One thread was' : `${n} threads were`} left open for a while.`,
    allInPlay: 'No thread was left behind.',
    origins: { made: 'made at the table', found: 'a name that keeps coming back' } satisfies Record<
      ThreadView['origin'],
      string
    >,
    states: {
      open: 'in play',
      dormant: 'left open',
      resolved: 'resolved',
      paused: 'paused',
    } satisfies Record<ThreadView['status'], string>,
    since: (n: number) =>
      n === 0
        ? 'nothing has been written since'
        : `${count(n, 'passage has', 'passages have')} been written since it came up`,
    never: 'not mentioned yet',
    reminded: 'The narrator is reminded of it in its next passage.',
    goTo: 'Where it was last',
    goToOf: (title: string) => `Go to where “${title}” was last mentioned`,
    resolve: 'Resolved',
    resolveOf: (title: string) => `Mark “${title}” as resolved`,
    pause: 'Pause',
    pauseOf: (title: string) => `Pause “${title}”`,
    open: 'Open again',
    openOf: (title: string) => `Open “${title}” again`,
    remind: 'Remind the narrator',
    remindOf: (title: string) => `Remind the narrator of “${title}”`,
    done: (n: number) => `${count(n, 'thread is', 'threads are')} resolved`,
    add: 'Something the table wants to keep in sight',
    addYes: 'Add',
    list: 'Threads',
  },
  quality: {
    title: 'Quality of the newest passages',
    scale: 'A low score means: weaker than 95 of 100 healthy passages.',
    none: 'No passage has been measured yet: it takes 25 words and a passage before it.',
    low: 'Passages with a low measure',
    noLow: 'No passage of the newest stands out.',
    measures: 'The session’s means',
    spark: (name: string, n: number) => `${name}: the newest ${count(n, 'passage', 'passages')}`,
    sparkTold: (worst: string, last: string) => `lowest ${worst}, newest ${last}`,
    notMeasured: (names: string) => `Not measured yet: ${names}.`,
    notMeasuredWhy: 'Some need longer passages, a model that judges, or the sentence encoder.',
    goToOf: (excerpt: string) => `Go to the passage “${excerpt}”`,
    away: 'A passage that is not in the story now',
  },
  narrator: {
    title: 'The narrator',
    toDesk: 'Go to the narrator’s desk',
    memory: 'What the narrator knows…',
    idle: 'It is not writing, and nobody waits for it.',
  },
  done: {
    title: 'What the server did by itself',
    none: 'Nothing so far. It never touches anybody’s text.',
    note: 'It never touches anybody’s text.',
    actions: {
      nudge: 'A gentle word',
      offer_turn: 'The turn was offered',
      recap: 'A recap',
      slow_mode: 'Slow mode',
      tell_master: 'A word to the game masters',
    } satisfies Record<MonitorAction, string>,
    about: (name: string) => `about ${name}`,
    more: (n: number) => `Show ${count(n, 'earlier one', 'earlier ones')}`,
  },
  figures: {
    title: 'All figures, and what they mean',
    intro:
      'Measures of how the table works together. None is a score of a person, and a good story may break every one of them.',
    few: (ratings: number) => `, from ${count(ratings, 'rating', 'ratings')}: too few to tell much`,
    missing: (why: string) => `Not measured yet: ${why}.`,
  },
} as const;
