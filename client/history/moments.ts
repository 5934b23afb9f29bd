import type { CheckpointView, RollbackView } from '../../sessions/history-view.ts';
import { MAIN_BRANCH, type Branch, type Scene } from '../../sessions/story-lines.ts';
import type { PassageStamp } from '../story/story-document.ts';

/** Something that happened in a story, at a time (epoch ms). */
export type Moment = { key: string; at: number } & (
  | { kind: 'passage'; passage: PassageStamp; number: number }
  | { kind: 'scene'; scene: Scene }
  | { kind: 'checkpoint'; checkpoint: CheckpointView }
  | { kind: 'rollback'; rollback: RollbackView }
  | { kind: 'branch'; branch: Branch }
);

export type MomentKind = Moment['kind'];

/** What moments are made of. */
export interface MomentSources {
  stamps: readonly PassageStamp[];
  scenes: readonly Scene[];
  branches: readonly Branch[];
  checkpoints: readonly CheckpointView[];
  rollbacks: readonly RollbackView[];
  /** When the session began: what is older was brought along from elsewhere. */
  since: number;
}

/** Of what happens in one instant, the later one says best what it was. */
const WEIGHT: Record<MomentKind, number> = { passage: 0, checkpoint: 1, scene: 2, branch: 3, rollback: 4 };

/** All moments, oldest first. */
export function momentsOf(of: MomentSources): Moment[] {
  const placed = (at: number): number => Math.max(at, of.since);
  const stamps = [...of.stamps].sort((a, b) => a.createdAt - b.createdAt);
  const moments: Moment[] = [
    ...stamps.map((passage, index): Moment => {
      const at = placed(passage.createdAt);
      return { key: `p${passage.id}`, at, kind: 'passage', passage, number: index + 1 };
    }),
    ...of.scenes.map((scene): Moment => ({
      key: `s${scene.id}`,
      at: placed(scene.at),
      kind: 'scene',
      scene,
    })),
    ...of.branches
      .filter(({ id }) => id !== MAIN_BRANCH)
      .map((branch): Moment => ({ key: `b${branch.id}`, at: placed(branch.at), kind: 'branch', branch })),
    ...of.checkpoints.map((checkpoint): Moment => ({
      key: `c${checkpoint.id}`,
      at: placed(checkpoint.at),
      kind: 'checkpoint',
      checkpoint,
    })),
    ...of.rollbacks.map((rollback): Moment => ({
      key: `r${rollback.id}`,
      at: placed(rollback.at),
      kind: 'rollback',
      rollback,
    })),
  ];
  return moments.sort((a, b) => a.at - b.at || WEIGHT[a.kind] - WEIGHT[b.kind]);
}

/** A place where the slider can stand: what happened in one instant. */
export interface Stop {
  at: number;
  /** What says best what happened. */
  moment: Moment;
  /** How many passages had come by then. */
  passages: number;
}

/** The places of a slider, oldest first; the last one is now. */
export function stopsOf(moments: readonly Moment[]): Stop[] {
  const stops: Stop[] = [];
  let passages = 0;
  for (const moment of moments) {
    if (moment.kind === 'passage') passages += 1;
    if (stops.at(-1)?.at === moment.at) stops.pop();
    stops.push({ at: moment.at, moment, passages });
  }
  return stops;
}

/**
 * The time to ask for to see the story after a stop: just before the next thing happened, so that a passage is
 * whole; null: now.
 */
export function timeOfStop(stops: readonly Stop[], index: number): number | null {
  const next = stops[index + 1];
  return next === undefined ? null : Math.max(stops[index]?.at ?? 0, next.at - 1);
}

/** The stop at or before a time; null: now. */
export function stopAt(stops: readonly Stop[], time: number | null): number {
  if (time === null) return Math.max(0, stops.length - 1);
  let [low, high] = [0, stops.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((stops[middle]?.at ?? 0) <= time) low = middle + 1;
    else high = middle;
  }
  return Math.max(0, low - 1);
}

/** The time to ask for to see what a moment left behind; null: now. */
export function timeOf(moment: Moment, stops: readonly Stop[]): number | null {
  // A rollback has its checkpoint in the same instant: that one is about the story before.
  if (moment.kind === 'checkpoint') return checkpointTime(moment.checkpoint);
  return timeOfStop(stops, stopAt(stops, moment.at));
}

/** The time at which the story stood as a checkpoint keeps it. */
export function checkpointTime({ kind, at }: CheckpointView): number {
  return kind === 'rollback' ? at - 1 : at;
}
