import { HEALTH, type Health } from '../sessions/monitor-view.ts';
import type { OpsOverview, OpsSession } from '../sessions/ops-view.ts';
import type { Session } from '../sessions/session.ts';
import type { Sessions } from '../sessions/sessions.ts';
import type { Config } from './config.ts';
import type { Metrics } from './metrics.ts';
import { moderationPanel } from './moderation.ts';
import type { OperationParts } from './operations.ts';
import { queuePanel } from './queue.ts';
import type { StatusBoard } from './status-levels.ts';

/** A session as operators see it: no names, no text. */
function opsSession(
  { kernel }: Session,
  of: Omit<OpsSession, 'id' | 'present' | 'passages' | 'narratorWaiting' | 'waitingForReview'>,
  present: number,
): OpsSession {
  const { state, story } = kernel;
  return {
    ...of,
    id: state.id,
    present,
    passages: story.passageCount(),
    narratorWaiting: state.narratorTurns.filter((turn) => turn.state === 'queued').length,
    waitingForReview: state.safety.holds.filter((hold) => hold.state === 'open').length,
  };
}

const BADNESS: Record<Health, number> = { red: 0, yellow: 1, green: 2 };

/** The first `most` of the loaded sessions: unhealthy ones first, then those where something happened last. */
export function listSessions(sessions: Sessions, most: number): OpsSession[] {
  const list = [...sessions.healths()].map(({ session, activeAt, ...of }) => ({
    ...{ session, of },
    activeAt: activeAt ?? session.kernel.state.createdAt,
  }));
  list.sort((a, b) => BADNESS[a.of.health] - BADNESS[b.of.health] || b.activeAt - a.activeAt);
  // To look into a story takes longer than all of this.
  return list
    .slice(0, most)
    .map(({ session, of: { health, issues, reasons, quality }, activeAt }) =>
      opsSession(session, { health, issues, reasons, quality, activeAt }, session.presentCount),
    );
}

/** The top of the operators' page. */
export async function overviewOf(
  config: Config,
  parts: OperationParts,
  board: StatusBoard,
): Promise<OpsOverview> {
  const { sessions, narrator, queue, moderation, watch } = parts;
  const { status, model, reason } = narrator.status();
  const { sessions: loaded, active, players } = sessions.counts();
  const list = [...sessions.healths()];
  const { policy, waiting, running, oldestWaitMs, jain, spread, bound } = queuePanel(config, queue);
  const review = moderationPanel(moderation, sessions).queue;
  return {
    status: await board.status(),
    narrator: { status, model, reason },
    sessions: {
      ...{ loaded, active, players },
      byHealth: Object.fromEntries(
        HEALTH.map((health) => [health, list.filter((one) => one.health === health).length]),
      ) as Record<Health, number>,
    },
    queue: { policy, waiting, running, oldestWaitSeconds: oldestWaitMs / 1_000, jain, spread, bound },
    moderation: {
      waiting: review.items,
      oldestSeconds: review.items === 0 ? null : review.oldestSeconds,
      decisions: await decisionsOf(parts.metrics),
    },
    audit: watch.audit.status(),
    flags: moderation.flags.list(),
  };
}

async function decisionsOf({
  moderationDecisions,
}: Metrics): Promise<OpsOverview['moderation']['decisions']> {
  const { values } = await moderationDecisions.get();
  const sums = new Map<string, { action: string; category: string; count: number }>();
  for (const { labels, value } of values) {
    if (value === 0) continue;
    const { action = '', category = '' } = labels as { action?: string; category?: string };
    const sum = sums.get(`${action} ${category}`) ?? { action, category, count: 0 };
    sum.count += value;
    sums.set(`${action} ${category}`, sum);
  }
  return [...sums.values()];
}
