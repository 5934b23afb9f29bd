import { AskerWatch } from './asker-watch.ts';
import type { SessionKernel } from './kernel.ts';
import { ABSENCE_GRACE_MS, advance, nextPlayer, type Presence } from './turns.ts';
import type { Notice } from './view.ts';

/** What happens in a session by the clock alone: turns that run out, absent players and askers, drafts that rest. */
export class SessionTimers {
  private readonly kernel: SessionKernel;
  private readonly isPresent: Presence;
  private readonly isReadOnly: () => boolean;
  private readonly notify: (notice: Notice) => void;
  private readonly commitDraft: (draftId: string) => void;
  private readonly askers: AskerWatch;
  private cancelDeadline: (() => void) | null = null;
  private cancelAbsence: (() => void) | null = null;
  /** Whose absence the timer measures. */
  private awayPlayer: string | null = null;
  private isClosed = false;
  private readonly restingDrafts = new Map<string, { typedAt: number; cancel: () => void }>();

  constructor(
    kernel: SessionKernel,
    hooks: {
      isPresent: Presence;
      /** Nothing can be stored: turns stay where they are until `watchTurn` is called again. */
      isReadOnly: () => boolean;
      notify: (notice: Notice) => void;
      commitDraft: (draftId: string) => void;
      /** Takes back the narrator turns of a player that have not begun. */
      takeBackOf: (playerId: string) => void;
    },
  ) {
    this.kernel = kernel;
    this.isPresent = hooks.isPresent;
    this.isReadOnly = hooks.isReadOnly;
    this.notify = hooks.notify;
    this.commitDraft = hooks.commitDraft;
    this.askers = new AskerWatch(kernel, hooks);
    kernel.onEvent((event) => {
      if (event.type === 'turn-changed') this.watchTurn();
    });
    this.watchTurn();
  }

  /** T3: arms the timers of the current turn. */
  watchTurn(): void {
    if (this.isClosed) return;
    this.cancelDeadline?.();
    this.cancelDeadline = null;
    const { deadline } = this.kernel.state.turn;
    if (deadline !== null) {
      const leftMs = Math.max(0, deadline - this.kernel.clock.now());
      this.cancelDeadline = this.kernel.clock.after(leftMs, () => this.passOn('Time is up'));
    }
    this.watchAbsence();
  }

  /** Presence has changed: an absent player's turn passes on after a grace, so that a reload costs nothing. */
  watchAbsence(): void {
    if (this.isClosed) return;
    this.askers.watch();
    const { turn } = this.kernel.state;
    const isAway = turn.mode === 'ordered' && turn.current !== null && !this.isPresent(turn.current);
    const away = isAway ? turn.current : null;
    if (away !== this.awayPlayer) {
      this.cancelAbsence?.();
      this.cancelAbsence = null;
    }
    this.awayPlayer = away;
    if (away === null) return;
    this.cancelAbsence ??= this.kernel.clock.after(ABSENCE_GRACE_MS, () => {
      this.cancelAbsence = null;
      const { current } = this.kernel.state.turn;
      if (current !== null && !this.isPresent(current)) this.passOn('Away');
    });
  }

  private passOn(why: string): void {
    if (this.isReadOnly()) return;
    const { state, clock } = this.kernel;
    const { current } = state.turn;
    if (nextPlayer(state.turn, this.isPresent) === null && state.turn.timerSeconds === null) return;
    const turn = advance(state.turn, this.isPresent, clock.now());
    this.kernel.record({ type: 'turn-changed', turn }, null);
    const name = state.players[current ?? '']?.name;
    if (name !== undefined && turn.current !== current) {
      this.notify({ kind: 'turn-skipped', text: `${why}: ${name}'s turn was passed on.` });
    }
  }

  /** Somebody typed: in free play a live draft commits itself once it has rested long enough. */
  typed(draftId: string): void {
    const { settings, turn } = this.kernel.state;
    const idleMs = settings.autoCommitIdleMs;
    const draft = this.kernel.state.drafts[draftId];
    if (idleMs === null || turn.mode !== 'free' || draft?.visibility !== 'live' || draft.replaces !== null)
      return;
    const resting = this.restingDrafts.get(draftId);
    const typedAt = this.kernel.clock.now();
    if (resting !== undefined) resting.typedAt = typedAt;
    else this.watchRest(draftId, typedAt, idleMs);
  }

  private watchRest(draftId: string, typedAt: number, delayMs: number): void {
    const cancel = this.kernel.clock.after(delayMs, () => {
      const resting = this.restingDrafts.get(draftId);
      this.restingDrafts.delete(draftId);
      const idleMs = this.kernel.state.settings.autoCommitIdleMs;
      if (resting === undefined || idleMs === null) return;
      const leftMs = resting.typedAt + idleMs - this.kernel.clock.now();
      if (leftMs > 0) this.watchRest(draftId, resting.typedAt, leftMs);
      // S2: nothing goes into the story of a paused game; it rests on.
      else if (this.kernel.state.safety.isPaused) this.watchRest(draftId, resting.typedAt, idleMs);
      else this.commitDraft(draftId);
    });
    this.restingDrafts.set(draftId, { typedAt, cancel });
  }

  /** Stops all timers, for good. */
  close(): void {
    this.isClosed = true;
    this.cancelDeadline?.();
    this.cancelAbsence?.();
    this.askers.close();
    for (const { cancel } of this.restingDrafts.values()) cancel();
    this.restingDrafts.clear();
  }
}
