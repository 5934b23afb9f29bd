import type { Harm } from '../../sessions/protocol.ts';
import type { SafetyView } from '../../sessions/safety-view.ts';

/** Harms that a table sets a level for; the others are not a matter of taste. */
export const SET_HARMS = [
  'violence',
  'sexual',
  'profanity',
  'self_harm',
  'hate',
  'harassment',
  'real_person',
  'privacy',
  'instructions_harm',
  'sexual_minors',
] as const satisfies readonly Harm[];

/** How far one kind of harm may go at this table: `most` by the server's policy, `level` as things stand. */
export interface LevelRow {
  harm: Harm;
  level: number;
  most: number;
}

/** A row for each harm that a table sets a level for. */
export function levelRows({ floor, levels }: Pick<SafetyView, 'floor' | 'levels'>): LevelRow[] {
  return SET_HARMS.map((harm) => {
    const most = Math.floor(floor[harm]);
    return { harm, most, level: Math.min(most, levels[harm] ?? most) };
  });
}

/** The whole set of levels after one of them has changed: only what is stricter than the policy is said. */
export function withLevel(
  view: Pick<SafetyView, 'floor' | 'levels'>,
  harm: Harm,
  level: number,
): SafetyView['levels'] {
  const { [harm]: _before, ...others } = view.levels;
  return level >= Math.floor(view.floor[harm]) ? others : { ...others, [harm]: Math.max(0, level) };
}
