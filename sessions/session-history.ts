import { dueRollback, voidRollback } from './commands/waiting-rollback.ts';
import { newCheckpoint } from './commands/history.ts';
import type { DecideContext } from './commands/decision.ts';
import type { SessionEvent } from './events.ts';
import type { Past, PastStory } from './history-ports.ts';
import type { Checkpoint, PendingRollback, Rollback } from './history-state.ts';
import type { RollbackScope } from './history-view.ts';
import type { SessionKernel } from './kernel.ts';
import type { SessionObserver } from './peers.ts';
import { momentOf } from './rollback-plan.ts';
import type { Player } from './state.ts';
import { MAIN_BRANCH } from './story-lines.ts';
import { chosenSpans, NARRATOR } from './story-shape.ts';
import type { Notice } from './view.ts';

/** What a waiting rollback goes back to is read again after this, ms. */
const AGAIN_MS = 60_000;
/** Passages from one regular checkpoint to the next, and how long a story rests before one is made, ms (B5). */
const REGULAR_PASSAGES = 25;
const REST_MS = 10 * 60_000;

export interface HistoryHooks {
  past: Past;
  observer: Pick<SessionObserver, 'rolledBack'>;
  contextFor: (player: Player) => DecideContext;
  notify: (notice: Notice) => void;
  tellPlayer: (playerId: string, notice: Notice) => void;
  isReadOnly: () => boolean;
}

/** The history of a session as it is made: automatic checkpoints, rollbacks that wait, and who is told of them. */
export class SessionHistory {
  private readonly kernel: SessionKernel;
  private readonly hooks: HistoryHooks;
  private cancelRest: (() => void) | null = null;
  private cancelDeadline: (() => void) | null = null;
  private cancelAgain: (() => void) | null = null;
  /** The waiting rollback may be due; whether by a new scene. */
  private isAwaited = false;
  private isSceneOver = false;
  private isClosed = false;
  /** What the waiting rollback goes back to; undefined: not read yet. */
  private past: PastStory | null | undefined;
  /** When the waiting rollback was ordered, epoch ms. */
  private orderedAt: number | null = null;

  constructor(kernel: SessionKernel, hooks: HistoryHooks) {
    this.kernel = kernel;
    this.hooks = hooks;
    kernel.onEvent((event) => this.follow(event));
    const { pending } = kernel.state.history;
    if (pending !== null) this.awaitPending(pending);
  }

  /** The story that a rollback goes back to; null: it needs none, or there was none. */
  async pastFor(scope: RollbackScope): Promise<PastStory | null> {
    const moment = momentOf(this.kernel, scope);
    if (moment === null) return null;
    await this.kernel.journal.flush();
    return this.hooks.past.storyAt(this.kernel.state.id, moment);
  }

  private follow(event: SessionEvent): void {
    switch (event.type) {
      case 'passage-committed':
      case 'narrator-ended':
        this.passed();
        break;
      case 'scene-begun':
        this.isSceneOver = true;
        break;
      case 'rollback-planned':
        this.awaitPending(event.pending);
        this.hooks.notify({ kind: 'rollback', text: PLANNED[event.pending.timing] });
        break;
      case 'rolled-back':
        this.rolledBack(event.rollback, event.asked);
        break;
      case 'rollback-answered':
        if (event.answer === 'go') this.tellAuthors([event.passageId]);
        break;
      case 'branch-switched':
        this.hooks.notify({
          kind: 'branch',
          text: `The table now plays on ${this.branchName(event.branchId)}.`,
        });
        break;
      case 'rollback-called-off':
        this.hooks.notify({ kind: 'rollback', text: 'The rollback was called off.' });
        break;
      case 'draft-detached':
        this.keptWords(event.draftId);
        break;
      case 'draft-opened':
        if (event.draft.keptFrom !== null) this.keptWords(event.draft.id);
        break;
      default:
    }
    this.isAwaited ||= this.kernel.state.history.pending !== null && MAY_END_A_TURN.has(event.type);
  }

  private branchName(branchId: string): string {
    const branch = this.kernel.story.branches().find(({ id }) => id === branchId);
    const name = branch?.name ?? '';
    if (name !== '') return `the branch “${name}”`;
    return branchId === MAIN_BRANCH ? 'the main branch' : 'another branch';
  }

  /** B5: every so many passages, and when the story has rested for a while. */
  private passed(): void {
    this.cancelRest?.();
    this.cancelRest = null;
    const { sinceCheckpoint } = this.kernel.state.history;
    if (sinceCheckpoint >= REGULAR_PASSAGES) return this.checkpoint('regular');
    if (sinceCheckpoint === 0) return;
    this.cancelRest = this.kernel.clock.after(REST_MS, () => {
      this.cancelRest = null;
      if (!this.hooks.isReadOnly()) this.checkpoint('idle');
    });
  }

  private checkpoint(kind: Checkpoint['kind']): void {
    const { story, clock, journal } = this.kernel;
    const of = { story, seq: journal.seq, now: clock.now(), newId: () => this.kernel.newId() };
    const checkpoint = newCheckpoint(of, { kind, name: '', by: null });
    this.kernel.record({ type: 'checkpoint-saved', checkpoint }, null);
  }

  /** K12: everybody hears what happened; whose words went, where they are. */
  private rolledBack(rollback: Rollback, asked: Readonly<Record<string, string>>): void {
    const waitedSeconds = (rollback.at - (this.orderedAt ?? rollback.at)) / 1_000;
    const { timing, disruption } = rollback;
    this.hooks.observer.rolledBack({ scope: rollback.scope.kind, timing, disruption, waitedSeconds });
    if (this.kernel.state.history.pending === null) this.stopWaiting();
    this.hooks.notify({ kind: 'rollback', text: rollback.summary });
    this.tellAuthors([...rollback.struck, ...rollback.changed]);
    for (const playerId of new Set(Object.values(asked))) {
      const text = 'A passage of yours builds on what was taken back. Does it still fit?';
      this.hooks.tellPlayer(playerId, { kind: 'text-asked', text });
    }
  }

  private tellAuthors(passageIds: readonly string[]): void {
    const text =
      'Your text was taken out of the story. It is kept for you: see “Your passages that were taken back”.';
    for (const playerId of this.authorsOf(passageIds))
      this.hooks.tellPlayer(playerId, { kind: 'text-kept', text });
  }

  private authorsOf(passageIds: readonly string[]): Set<string> {
    const spans = passageIds.flatMap((id) => chosenSpans(this.kernel.story.passage(id)));
    return new Set(spans.map(({ author }) => author).filter((author) => author !== NARRATOR));
  }

  private keptWords(draftId: string): void {
    const openedBy = this.kernel.state.drafts[draftId]?.openedBy;
    if (openedBy === undefined) return;
    const text = 'The passage you were editing was taken back. Your words are kept in a draft of your own.';
    this.hooks.tellPlayer(openedBy, { kind: 'text-kept', text });
  }

  private awaitPending(pending: PendingRollback): void {
    this.stopWaiting();
    const { clock, journal } = this.kernel;
    this.orderedAt = pending.at;
    this.isAwaited = true;
    const wake = () => {
      this.isAwaited = true;
      journal.wake();
    };
    this.cancelDeadline = clock.after(Math.max(0, pending.deadline - clock.now()), wake);
    void this.readPast(pending, wake);
  }

  /** Without the past it cannot be carried out: then it is read again later, and a game master may call it off. */
  private async readPast(pending: PendingRollback, wake: () => void): Promise<void> {
    // Not before the session that this is a part of is whole.
    await Promise.resolve();
    const past = await this.pastFor(pending.scope).catch(() => undefined);
    if (this.isClosed || this.kernel.state.history.pending?.id !== pending.id) return;
    if (past === undefined) {
      this.cancelAgain = this.kernel.clock.after(AGAIN_MS, () => void this.readPast(pending, wake));
      return;
    }
    this.past = past;
    wake();
  }

  private stopWaiting(): void {
    this.cancelDeadline?.();
    this.cancelDeadline = null;
    this.cancelAgain?.();
    this.cancelAgain = null;
    this.past = undefined;
    this.orderedAt = null;
    this.isAwaited = false;
    this.isSceneOver = false;
  }

  /** K10: a waiting rollback whose moment has come happens with this batch. */
  beforeFlush(): void {
    const { pending } = this.kernel.state.history;
    if (pending === null) this.isSceneOver = false;
    if (pending === null || !this.isAwaited || this.hooks.isReadOnly()) return;
    this.isAwaited = false;
    const player = this.kernel.state.players[pending.by];
    if (player === undefined) return;
    const context = { ...this.hooks.contextFor(player), past: this.past ?? null };
    const due = () => (this.past === undefined ? null : dueRollback(context, this.isSceneOver));
    const decision = voidRollback(context) ?? due();
    if (decision?.ok === true) this.kernel.apply(decision, pending.by);
  }

  close(): void {
    this.isClosed = true;
    this.cancelRest?.();
    this.stopWaiting();
  }
}

const MAY_END_A_TURN: ReadonlySet<SessionEvent['type']> = new Set([
  'passage-committed',
  'narrator-ended',
  'draft-discarded',
  'turn-changed',
  'scene-begun',
  // After these nobody may stand for it any more, or it was meant for another branch.
  'player-role-changed',
  'player-removed',
  'branch-switched',
  'rolled-back',
]);

const PLANNED = {
  turn: 'A game master takes the story back at the end of this turn.',
  scene: 'A game master takes the story back at the end of this scene.',
} as const;
