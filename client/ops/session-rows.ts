import type { Health } from '../../sessions/monitor-view.ts';
import type { OpsSession } from '../../sessions/ops-view.ts';

const WORST: Record<Health, number> = { red: 0, yellow: 1, green: 2 };

/** How many sessions there are of each health. */
export function countsOf(sessions: readonly OpsSession[]): Record<Health, number> {
  const counts: Record<Health, number> = { green: 0, yellow: 0, red: 0 };
  for (const { health } of sessions) counts[health] += 1;
  return counts;
}

/** Those of this health whose id holds the text: the unhealthy first, and among them the lately active. */
export function sortedSessions(
  sessions: readonly OpsSession[],
  of: { health: Health | null; text: string },
): OpsSession[] {
  const text = of.text.trim().toLowerCase();
  return sessions
    .filter(({ health, id }) => (of.health === null || health === of.health) && id.includes(text))
    .toSorted((one, other) => WORST[one.health] - WORST[other.health] || other.activeAt - one.activeAt);
}
