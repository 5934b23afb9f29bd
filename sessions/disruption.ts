import type { RollbackTiming } from './history-view.ts';

/** What a live session would feel of a change (K10). Numbers outside their range count as its nearest end. */
export interface DisruptionInput {
  /** Turns since the bad text first appeared here. */
  turns: number;
  /** Share of the most tokens of a passage that streams now which is already shown, 0 to 1; null: nothing streams. */
  streamed: number | null;
  /** Characters concerned among the active ones, 0 to 1. */
  affectedShare: number;
  /** Share of the words of the last 20 passages, 0 to 1. */
  wordShare: number;
  /** Players present. */
  present: number;
}

const WEIGHTS = { stream: 0.25, turns: 0.25, affected: 0.2, words: 0.15, present: 0.15 };
/** After so many turns a text is woven in by 63 in 100. */
const TURNS_TO_SETTLE = 6;
/** From so many players on a table is as full as it counts. */
const FULL_TABLE = 6;

/** From where on it is no longer done at once, at the end of the turn, at the end of the scene. */
const BOUNDS = { now: 0.2, turn: 0.45, scene: 0.65 };

/** Within 0 and 1; what is no number (a share of nothing) is 0. */
const share = (value: number): number => (Number.isNaN(value) ? 0 : Math.min(1, Math.max(0, value)));

const hasAppeared = ({ turns }: DisruptionInput): boolean => turns > 0;

/**
 * How much a change would disturb, 0 to 1, not less when any input is more. `settled` is what remains of it once the
 * passage that streams has ended.
 */
export function disruption(input: DisruptionInput): { score: number; settled: number } {
  const streams = input.streamed === null ? 0 : 0.5 + 0.5 * share(input.streamed);
  const woven = hasAppeared(input) ? 1 - Math.exp(-input.turns / TURNS_TO_SETTLE) : 0;
  const rest =
    WEIGHTS.turns * woven +
    WEIGHTS.affected * share(input.affectedShare) +
    WEIGHTS.words * share(input.wordShare) +
    WEIGHTS.present * share(input.present / FULL_TABLE);
  const settled = hasAppeared(input) ? rest : 0;
  return { score: input.streamed === null ? settled : WEIGHTS.stream * streams + rest, settled };
}

/** What decides besides the score. */
export interface TimingGates {
  /** It is done for safety. */
  isSafety: boolean;
  /** False: the story cannot go on as it is, whatever people would like. */
  canServe: boolean;
  /** A game master has locked the table against changes. */
  isLocked: boolean;
  /** The end of a turn or scene may be waited for. */
  canWait: boolean;
}

/** Which rule decided: 1 to 8, the first that fits. */
type TimingRule = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;

export interface TimingAdvice {
  timing: RollbackTiming;
  rule: TimingRule;
  /** 0 to 1. */
  score: number;
}

/** When a rollback should take place (K10); there is exactly one answer to everything. */
export function timingOf(input: DisruptionInput, gates: TimingGates): TimingAdvice {
  const { score, settled } = disruption(input);
  const advise = (rule: TimingRule, timing: RollbackTiming): TimingAdvice => ({ timing, rule, score });
  if (gates.isSafety || !gates.canServe) return advise(1, 'now');
  if (!(input.present > 0)) return advise(2, 'now');
  if (!hasAppeared(input) && input.streamed === null) return advise(3, 'now');
  if (gates.isLocked) return advise(4, 'branch');
  if (score < BOUNDS.now) return advise(5, 'now');
  if (gates.canWait && settled < BOUNDS.turn) return advise(6, 'turn');
  if (gates.canWait && settled < BOUNDS.scene) return advise(7, 'scene');
  return advise(8, 'branch');
}

/** Why it should happen then, in one sentence for people. */
export function adviceOf({ rule }: TimingAdvice, gates: TimingGates): string {
  switch (rule) {
    case 1:
      return gates.isSafety
        ? 'Safety comes first, so it takes place at once.'
        : 'The story cannot go on as it is, so it takes place at once.';
    case 2:
      return 'Nobody is at the table, so it takes place at once.';
    case 3:
      return 'Nothing of it has been played yet, so it takes place at once.';
    case 4:
      return 'The table is locked against changes, so the story without it waits on a branch of its own.';
    case 5:
      return 'Hardly anything builds on it yet, so it takes place at once.';
    case 6:
      return 'People are playing with it, so it takes place when the turn ends.';
    case 7:
      return 'The scene builds on it, so it takes place when the scene ends.';
    case 8:
      return gates.canWait
        ? 'Too much builds on it to take it out now, so the story without it waits on a branch of its own.'
        : 'The table cannot wait for a pause, so the story without it waits on a branch of its own.';
  }
}
