import type { SessionKernel } from './kernel.ts';
import { ABSENCE_GRACE_MS, type Presence } from './turns.ts';

/**
 * N12: narrator turns that wait for somebody who is not there any more. After a grace they are taken back; one
 * timer for each absent player who has such a turn.
 */
export class AskerWatch {
  private readonly kernel: SessionKernel;
  private readonly isPresent: Presence;
  private readonly isReadOnly: () => boolean;
  private readonly takeBackOf: (playerId: string) => void;
  private readonly away = new Map<string, () => void>();
  private isClosed = false;

  constructor(
    kernel: SessionKernel,
    hooks: { isPresent: Presence; isReadOnly: () => boolean; takeBackOf: (playerId: string) => void },
  ) {
    this.kernel = kernel;
    this.isPresent = hooks.isPresent;
    this.isReadOnly = hooks.isReadOnly;
    this.takeBackOf = hooks.takeBackOf;
    kernel.onEvent((event) => {
      if (event.type.startsWith('narrator-')) this.watch();
    });
  }

  /** Presence or the waiting turns have changed: begins and ends the graces that follow from it. */
  watch(): void {
    if (this.isClosed || this.isReadOnly()) return;
    const absent = this.absentAskers();
    for (const [playerId, cancel] of this.away) {
      if (absent.has(playerId)) continue;
      cancel();
      this.away.delete(playerId);
    }
    for (const playerId of absent) {
      if (!this.away.has(playerId)) this.away.set(playerId, this.grace(playerId));
    }
  }

  private absentAskers(): Set<string> {
    const waiting = this.kernel.state.narratorTurns.filter((turn) => turn.state === 'queued');
    return new Set(waiting.map((turn) => turn.askedBy).filter((playerId) => !this.isPresent(playerId)));
  }

  private grace(playerId: string): () => void {
    return this.kernel.clock.after(ABSENCE_GRACE_MS, () => {
      this.away.delete(playerId);
      if (!this.isReadOnly() && !this.isPresent(playerId)) this.takeBackOf(playerId);
    });
  }

  /** Stops all timers, for good. */
  close(): void {
    this.isClosed = true;
    for (const cancel of this.away.values()) cancel();
    this.away.clear();
  }
}
