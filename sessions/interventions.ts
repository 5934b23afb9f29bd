import type { Found } from './monitor-issues.ts';
import type { Intervention, Issue, MonitorAction } from './monitor-view.ts';

/** V9: at most one answer to an issue in so long. */
const ONCE_IN_MS = 10 * 60_000;
/** How long a pause slow mode asks for, and for how long it stays when nobody changes it. */
export const SLOW_SECONDS = 15;
export const SLOW_FOR_MS = 10 * 60_000;

const ANSWERS: Record<Issue, MonitorAction> = {
  dominated: 'offer_turn',
  stalled: 'recap',
  diverging: 'nudge',
  voice_break: 'tell_master',
  conflict_loop: 'slow_mode',
  starved: 'tell_master',
  unsafe_streak: 'tell_master',
};

/** What is looked at to choose an answer. */
export interface Situation {
  now: number;
  muted: Partial<Record<Issue, number>>;
  /** What was done before, newest first. */
  earlier: readonly Pick<Intervention, 'issue' | 'at'>[];
  /** A writer who is here and has written least; null: nobody. */
  leastHeard: { id: string; name: string } | null;
  /** Where the story stands, in a sentence or two that everybody may read; null: nothing to tell. */
  recap: string | null;
  isSlow: boolean;
}

/** An answer to an issue, not carried out yet. */
export interface Answer extends Omit<Intervention, 'id' | 'at'> {
  /** What is said to whom it is for; story text in it is kept nowhere. */
  told: string;
}

/** Whether less than so long has passed since then. A time to come is from a clock that was set back since. */
export function isWithin(now: number, since: number, ms: number): boolean {
  return since <= now && now - since < ms;
}

/** Whether an issue may be answered now: not muted, and not answered lately. */
function isDue({ issue }: Found, { now, muted, earlier }: Situation): boolean {
  if ((muted[issue] ?? 0) > now) return false;
  const last = earlier.find((one) => one.issue === issue);
  return last === undefined || !isWithin(now, last.at, ONCE_IN_MS);
}

/** The gentle answers to what was found; none for what is muted or was answered in the last ten minutes. Pure. */
export function answersTo(found: readonly Found[], situation: Situation): Answer[] {
  return found.filter((one) => isDue(one, situation)).map((one) => answerTo(one, situation));
}

function answerTo({ issue, why }: Found, situation: Situation): Answer {
  const action = feasible(ANSWERS[issue], situation);
  const playerId = action === 'offer_turn' ? (situation.leastHeard?.id ?? null) : null;
  const told = TEXTS[action](issue, situation);
  return { issue, action, playerId, why, text: KEPT[action] ?? told, told };
}

/** An answer that has no object becomes a word to whom it concerns. */
function feasible(action: MonitorAction, { leastHeard, recap, isSlow }: Situation): MonitorAction {
  if (action === 'offer_turn' && leastHeard === null) return 'tell_master';
  if (action === 'recap' && recap === null) return 'nudge';
  return action === 'slow_mode' && isSlow ? 'tell_master' : action;
}

/** What is kept instead of texts that hold words of the story or names. */
const KEPT: Partial<Record<MonitorAction, string>> = {
  recap: 'Everybody was told where the story stands.',
  offer_turn: 'They were told that it is a good moment for a few lines of theirs.',
};

const NUDGES: Partial<Record<Issue, string>> = {
  diverging:
    'The last passages pull in different directions. A word at the table may help: what is this scene about?',
  stalled: 'It has gone quiet. Whoever has an idea: a single sentence is enough to go on.',
};

const TO_MASTERS: Record<Issue, string> = {
  dominated: 'One person writes most of the story. You could offer somebody else the turn.',
  stalled: 'Nobody has written for a while. A new scene or a question may help.',
  diverging: 'The authors write different stories. A word about where this scene goes may help.',
  voice_break: 'Characters do not sound like themselves.',
  conflict_loop: 'People keep writing into each other\u2019s words. Turns in order may help.',
  starved: 'Somebody waits unusually long for the narrator.',
  unsafe_streak: 'Several texts were held in a short time. You may want to pause and talk.',
};

const TEXTS: Record<MonitorAction, (issue: Issue, situation: Situation) => string> = {
  nudge: (issue) => NUDGES[issue] ?? 'A short word at the table may help now.',
  offer_turn: (_issue, { leastHeard }) =>
    `${leastHeard?.name ?? 'You'}, it is a good moment for a few lines of yours, if you like.`,
  recap: (_issue, { recap }) => `Where you are: ${recap ?? ''}`,
  slow_mode: () => `Slow mode is on for 10 minutes: ${SLOW_SECONDS} s between two contributions of a player.`,
  tell_master: (issue) => TO_MASTERS[issue],
};
