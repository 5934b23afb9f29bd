import { decide } from './commands/decide.ts';
import type { Decision } from './commands/decision.ts';
import { resolve as resolveRound } from './commands/turn-commands.ts';
import { refuse, type Refusal } from './errors.ts';
import type { SessionEvent } from './events.ts';
import type { SessionKernel } from './kernel.ts';
import { NarratorTurns } from './narrator-turns.ts';
import type { ControlPeer, SessionObserver } from './peers.ts';
import type { Narrator, Snapshot } from './ports.ts';
import { type Command } from './protocol.ts';
import { CLOSE } from './wire-constants.ts';
import { SessionDocuments } from './session-documents.ts';
import { SessionDoor } from './session-door.ts';
import { SessionPeople } from './session-people.ts';
import { SessionTimers } from './session-timers.ts';
import type { ViewSources } from './session-view.ts';
import { takeSnapshots } from './snapshots.ts';
import { activePlayer, type Player } from './state.ts';
import { roundStatus } from './turns.ts';
import type { Notice } from './view.ts';

/** Answer to a command, once it is durable. */
export type CommandAnswer = { ok: true; value: Record<string, unknown> } | Refusal;

/** Records after which new snapshots are taken: bounds what a load has to replay. */
const SNAPSHOT_RECORDS = 1_000;

export interface SessionParts {
  narrator: Narrator;
  observer: SessionObserver;
  /** Position of the newest stored snapshot. */
  snapshotSeq: number;
  isReadOnly: boolean;
  saveSnapshots: (snapshots: Snapshot[]) => void;
}

/**
 * The actor of one session: everything that players do goes through here, one thing after the other, first
 * into memory, then into the journal, and only then out to anybody. docs/SPEC.md has the rules it keeps.
 */
export class Session {
  readonly kernel: SessionKernel;
  readonly door: SessionDoor;
  readonly documents: SessionDocuments;
  private readonly people: SessionPeople;
  private readonly timers: SessionTimers;
  private readonly narratorTurns: NarratorTurns;
  private readonly parts: SessionParts;
  private readonly viewSources: ViewSources;
  private readonly stopListening: () => void;
  private snapshotSeq: number;
  private narratorStatus: string;
  private isClosed = false;

  constructor(kernel: SessionKernel, parts: SessionParts) {
    const { narrator, observer } = parts;
    const notify = (notice: Notice) => this.notify(notice);
    this.kernel = kernel;
    this.parts = parts;
    this.snapshotSeq = parts.snapshotSeq;
    this.narratorStatus = JSON.stringify(narrator.status());
    this.people = new SessionPeople(kernel, () => this.timers.watchAbsence());
    this.documents = new SessionDocuments(kernel, observer, (playerId, draft) => {
      this.people.typed(playerId, draft);
      this.timers.typed(draft.id);
    });
    this.documents.isReadOnly = parts.isReadOnly;
    this.door = new SessionDoor(kernel, () => this.isReadOnly);
    this.narratorTurns = new NarratorTurns(kernel, narrator, { observer, notify });
    this.timers = new SessionTimers(kernel, {
      isPresent: this.people.isPresent,
      isReadOnly: () => this.isReadOnly,
      notify,
      commitDraft: (draftId) => this.commitRested(draftId),
      takeBackOf: (playerId) => this.narratorTurns.takeBackOf(playerId),
    });
    this.viewSources = {
      kernel,
      narrator,
      isPresent: this.people.isPresent,
      typing: this.people.typing,
      isReadOnly: () => this.isReadOnly,
    };
    this.stopListening = narrator.onChanged(() => this.narratorChanged());
    kernel.onEvent((event) => this.follow(event));
  }

  get id(): string {
    return this.kernel.state.id;
  }

  get isReadOnly(): boolean {
    return this.documents.isReadOnly;
  }

  /** Connections of either kind or narrator turns: while there are any, the session stays in memory. */
  get isInUse(): boolean {
    const hasReaders = [...this.kernel.documents.values()].some((document) => document.peerCount > 0);
    return hasReaders || this.people.count > 0 || this.kernel.state.narratorTurns.length > 0;
  }

  /** Players connected to the command channel. */
  get presentCount(): number {
    return this.people.presentCount();
  }

  /** Takes up narrator turns that a restart interrupted. Call once after loading. */
  resume(): void {
    if (!this.isReadOnly) this.narratorTurns.resume();
  }

  /** Leaves read-only mode: the store works again. */
  setWritable(): void {
    if (!this.isReadOnly) return;
    this.documents.isReadOnly = false;
    this.kernel.dirty.add('about');
    this.kernel.journal.wake();
    this.timers.watchTurn();
    this.narratorTurns.resume();
  }

  connect(peer: ControlPeer): { ok: true } | Refusal {
    if (this.isClosed) return refuse('SHUTTING_DOWN');
    return this.people.join(peer, this.viewSources);
  }

  disconnect(peer: ControlPeer): void {
    this.people.leave(peer);
  }

  /** Executes a command for a player; resolves when what followed is durable, or with the refusal. */
  async execute(playerId: string, command: Command): Promise<CommandAnswer> {
    const player = activePlayer(this.kernel.state, playerId);
    if (player === null) return refuse('PLAYER_REMOVED');
    if (this.isClosed) return refuse('SHUTTING_DOWN');
    if (this.isReadOnly) return refuse('STORAGE_UNAVAILABLE');
    const decision = decide(this.contextFor(player), command);
    if (!decision.ok) return decision;
    this.kernel.apply(decision, playerId);
    const queued = this.enqueueNarrator(decision);
    if (!queued.ok) return queued;
    if (command.name === 'narrator:stop') this.parts.narrator.stop(command.payload.turnId);
    if (command.name === 'turn:submit') this.resolveIfComplete(player);
    return new Promise((resolve) => {
      this.kernel.journal.whenDurable(() => resolve({ ok: true, value: decision.value }), resolve);
    });
  }

  private contextFor(player: Player) {
    return this.kernel.decideContext(player, this.people.isPresent);
  }

  /** The turn is in the state before the narrator hears of it; a refusal takes it out again, unseen. */
  private enqueueNarrator(decision: Extract<Decision, { ok: true }>): { ok: true } | Refusal {
    const asked = decision.events.find((event) => event.type === 'narrator-asked');
    if (asked === undefined) return { ok: true };
    const queued = this.narratorTurns.enqueue(asked.turn);
    if (!queued.ok) this.narratorTurns.withdraw(asked.turn.turnId);
    return queued;
  }

  /** T4: the last of those present has submitted. */
  private resolveIfComplete(player: Player): void {
    if (roundStatus(this.kernel.state, this.people.isPresent).waitingFor.length > 0) return;
    const decision = resolveRound(this.contextFor(player));
    if (!decision.ok) return;
    this.kernel.apply(decision, null);
    this.notify({ kind: 'round-resolved', text: 'Everybody has submitted: the round is in the story.' });
  }

  /** W6: a live draft has rested long enough to go into the story by itself. */
  private commitRested(draftId: string): void {
    const opener = activePlayer(this.kernel.state, this.kernel.state.drafts[draftId]?.openedBy ?? '');
    if (opener === null || this.isReadOnly) return;
    const decision = decide(this.contextFor(opener), { name: 'draft:commit', payload: { draftId } });
    if (decision.ok) this.kernel.apply(decision, opener.id);
  }

  /** What has to happen outside the state once an event is durable. */
  private follow(event: SessionEvent): void {
    const { journal } = this.kernel;
    if (event.type === 'talk-said') {
      return journal.whenDurable(() => this.people.broadcast('talk:said', event.line));
    }
    if (event.type === 'player-removed')
      return this.closePlayer(event.playerId, CLOSE.forbidden, refuse('PLAYER_REMOVED'));
    if (event.type === 'player-recovered') {
      return this.closePlayer(
        event.playerId,
        CLOSE.rejoin,
        refuse('TICKET_INVALID', 'You moved to another browser.'),
      );
    }
    if (event.type === 'player-role-changed') {
      return this.closePlayer(
        event.playerId,
        CLOSE.rejoin,
        refuse('TICKET_INVALID', 'Your role has changed.'),
      );
    }
    if (event.type === 'passage-committed') {
      this.parts.observer.passageCommitted('player');
      this.parts.observer.turnEnded('committed');
    }
    if (event.type === 'passage-committed' || event.type === 'draft-discarded') {
      journal.whenDurable(() => this.documents.enforceAccess());
    }
  }

  private closePlayer(playerId: string, code: number, refusal: Refusal): void {
    this.kernel.journal.whenDurable(() => {
      this.people.closeAll(code, refusal, playerId);
      this.documents.closeAll(code, refusal, playerId);
    });
  }

  /** Called for every change of the queue of all sessions: what is no news here goes no further. */
  private narratorChanged(): void {
    const status = JSON.stringify(this.parts.narrator.status());
    if (status === this.narratorStatus && this.kernel.state.narratorTurns.length === 0) return;
    this.narratorStatus = status;
    this.kernel.dirty.add('narrator');
    this.kernel.journal.wake();
  }

  private notify(notice: Notice): void {
    this.kernel.journal.whenDurable(() => this.people.tell(notice));
  }

  /** Called by the journal just before a batch is closed: adds what should go out with it. */
  beforeFlush(): void {
    this.people.beforeFlush(this.viewSources);
    for (const document of this.kernel.documents.values()) {
      const outgoing = document.take();
      if (outgoing === null) continue;
      this.kernel.journal.whenDurable(() => {
        outgoing.send();
        const now = this.kernel.clock.now();
        for (const at of outgoing.arrivals) this.parts.observer.editPropagated((now - at) / 1_000);
      });
    }
    this.snapshotAfter(SNAPSHOT_RECORDS);
  }

  /** Saves snapshots with this batch if at least `minRecords` came since the last ones. */
  private snapshotAfter(minRecords: number): void {
    const { journal } = this.kernel;
    if (journal.seq - this.snapshotSeq < minRecords) return;
    this.snapshotSeq = journal.seq;
    const snapshots = takeSnapshots(this.kernel);
    journal.whenDurable(() => this.parts.saveSnapshots(snapshots));
  }

  /** Writes everything, with fresh snapshots, so that the session can leave memory. */
  async settle(): Promise<void> {
    this.snapshotAfter(1);
    await this.kernel.journal.flush();
  }

  /** The session is lost: its turns go on, if at all, in the one that is loaded in its place. */
  abandonNarrator(): void {
    this.narratorTurns.abandon();
  }

  /** Closes all sockets with a reason and stops all timers; nothing is taken in any more. Idempotent. */
  close(code: number, refusal: Refusal): void {
    this.isClosed = true;
    this.documents.isClosed = true;
    this.kernel.journal.close();
    this.stopListening();
    this.timers.close();
    this.people.close();
    this.people.closeAll(code, refusal);
    this.documents.closeAll(code, refusal);
  }
}
