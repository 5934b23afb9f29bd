import type { NarratorTurn } from '../sessions/ports.ts';
import { jainIndex, maxMinShares } from './fairness.ts';
import { SlidingSums } from './sliding-sums.ts';

const WINDOW_MS = 300_000;
const SLOT_MS = 10_000;

/** What a session had of the engine lately, cost units. */
export interface SessionShare {
  tenantId: string;
  sessionId: string;
  received: number;
  /** Its max-min fair share of what was served to all: tenants by weight, sessions of a tenant alike. */
  share: number;
}

/** Work in the queue that a session still wants. */
interface Outstanding {
  turn: NarratorTurn;
  units: number;
}

/**
 * How fairly the engine was shared over the last five minutes: received over max-min fair share, per session
 * (S0.63). A session that wanted little and got it has all of its share. Bounded; times are given.
 */
export class ServiceMeter {
  readonly #weightOf: (tenantId: string) => number;
  readonly #sums = new SlidingSums({ windowMs: WINDOW_MS, slotMs: SLOT_MS, maxKeys: 1_024 });

  constructor(weightOf: (tenantId: string) => number) {
    this.#weightOf = weightOf;
  }

  /** A turn has cost so many units. */
  note({ tenantId, sessionId }: NarratorTurn, units: number, nowMs: number): void {
    this.#sums.add(`${tenantId}/${sessionId}`, units, nowMs);
  }

  /** Jain's index over received / share, 1 = perfectly fair; 1 also when there is nothing to compare. */
  jain(outstanding: readonly Outstanding[], nowMs: number): number {
    const shares = this.shares(outstanding, nowMs).filter(({ share }) => share > 0);
    return shares.length === 0 ? 1 : jainIndex(shares.map(({ received, share }) => received / share));
  }

  /** What each session received and what was its fair share. */
  shares(outstanding: readonly Outstanding[], nowMs: number): SessionShare[] {
    const sessions = new Map<string, { tenantId: string; received: number; demand: number }>();
    for (const key of this.#sums.keys(nowMs)) {
      const [tenantId = '', sessionId = ''] = key.split('/');
      const received = this.#sums.sum(key, nowMs);
      sessions.set(sessionId, { tenantId, received, demand: received });
    }
    for (const { turn, units } of outstanding) {
      const known = sessions.get(turn.sessionId) ?? { tenantId: turn.tenantId, received: 0, demand: 0 };
      sessions.set(turn.sessionId, { ...known, demand: known.demand + units });
    }
    const all = [...sessions].map(([sessionId, figures]) => ({ sessionId, ...figures }));
    return this.#divide(all);
  }

  #divide(
    sessions: { sessionId: string; tenantId: string; received: number; demand: number }[],
  ): SessionShare[] {
    const total = (of: { received: number }[]) => of.reduce((sum, one) => sum + one.received, 0);
    const tenants = [...new Set(sessions.map((session) => session.tenantId))];
    const groups = tenants.map((id) => sessions.filter((session) => session.tenantId === id));
    const demands = groups.map((group) => group.reduce((sum, one) => sum + one.demand, 0));
    const ofTenants = maxMinShares(demands, tenants.map(this.#weightOf), total(sessions));
    return groups.flatMap((group, at) => {
      const wanted = group.map((one) => one.demand);
      const shares = maxMinShares(
        wanted,
        wanted.map(() => 1),
        ofTenants[at] ?? 0,
      );
      return group.map(({ tenantId, sessionId, received }, of) => {
        return { tenantId, sessionId, received, share: shares[of] ?? 0 };
      });
    });
  }
}
