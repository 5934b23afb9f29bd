import { ACTIONS, type Moderator } from '../sessions/moderator.ts';
import type { Probe } from './probes/probe.ts';

/** How many probes of a group had an acceptable decision, and those that had not. */
export interface GroupResult {
  group: string;
  passed: number;
  total: number;
  failed: { probe: Probe; action: string; rules: string[] }[];
}

/** Screens probes one by one and counts acceptable decisions per group, in the order in which groups first come. */
export async function assessProbes(moderator: Moderator, probes: readonly Probe[]): Promise<GroupResult[]> {
  const groups = new Map<string, GroupResult>();
  for (const probe of probes) {
    const result = groups.get(probe.group) ?? { group: probe.group, passed: 0, total: 0, failed: [] };
    groups.set(probe.group, result);
    const verdict = await moderator.screen({
      text: probe.text,
      sessionId: null,
      channel: probe.channel,
      rules: {
        rating: probe.rating,
        genre: probe.genre ?? 'general',
        levels: {},
        lines: [...(probe.lines ?? [])],
        veils: [...(probe.veils ?? [])],
      },
      cast: probe.cast ?? [],
      players: probe.players ?? [],
      speaker: probe.speaker ?? null,
      recent: probe.recent ?? [],
      history: 0.9,
      playersPresent: 2,
    });
    const action = ACTIONS[verdict.outcome];
    result.total += 1;
    if (probe.acceptable.includes(action)) result.passed += 1;
    else result.failed.push({ probe, action, rules: verdict.rules });
  }
  return [...groups.values()];
}
