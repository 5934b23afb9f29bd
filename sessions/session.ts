import { purgeOf } from './commands/purge.ts';
import { DraftWatch } from './draft-watch.ts';
import { refuse, type Refusal } from './errors.ts';
import type { HistoryParts } from './history-ports.ts';
import type { Purge } from './history-state.ts';
import type { SessionKernel } from './kernel.ts';
import { MemoryKeeper } from './memory-keeper.ts';
import { NarratorTurns } from './narrator-turns.ts';
import type { ControlPeer, SessionObserver } from './peers.ts';
import type { ModerationLog, Moderator } from './moderator.ts';
import { NarratorScreen } from './narrator-screen.ts';
import { FactFeed } from './fact-feed.ts';
import type { FactSink } from './facts.ts';
import type { FeedbackInput, FeedbackStore } from './feedback.ts';
import type { MonitorView } from './monitor-view.ts';
import type { QualityAssessor } from './quality.ts';
import { giveFeedback } from './session-feedback.ts';
import { SessionMonitor, type SessionHealth } from './session-monitor.ts';
import { FLAGS, type Flag, type FlagBoard, type Narrator, type Snapshot } from './ports.ts';
import { SafetyEffects } from './safety-effects.ts';
import { standingOf } from './standing.ts';
import { TextScreen } from './text-screen.ts';
import { type Command } from './protocol.ts';
import { SessionCommands, type CommandAnswer } from './session-commands.ts';
import { SessionDocuments } from './session-documents.ts';
import { SessionDoor } from './session-door.ts';
import { SessionEffects } from './session-effects.ts';
import { SessionHistory } from './session-history.ts';
import { SessionPeople } from './session-people.ts';
import { SessionTimers } from './session-timers.ts';
import type { ViewSources } from './session-view.ts';
import { takeSnapshots } from './snapshots.ts';
import type { Notice } from './view.ts';

/** Records after which new snapshots are taken: bounds what a load has to replay. */
const SNAPSHOT_RECORDS = 1_000;

export interface SessionParts {
  narrator: Narrator;
  moderator: Moderator;
  moderationLog: ModerationLog;
  flags: FlagBoard;
  observer: SessionObserver;
  history: HistoryParts;
  quality: QualityAssessor;
  feedback: FeedbackStore;
  facts: FactSink;
  /** Something is to be removed for good from all that is stored. */
  onPurge: (purge: Purge) => void;
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
  private readonly screen: TextScreen;
  private readonly commands: SessionCommands;
  private readonly watch: DraftWatch;
  private readonly narratorTurns: NarratorTurns;
  private readonly history: SessionHistory;
  private readonly memory: MemoryKeeper;
  private readonly monitor: SessionMonitor;
  private readonly facts: FactFeed;
  private readonly parts: SessionParts;
  private readonly viewSources: ViewSources;
  private readonly stopListening: () => void;
  private snapshotSeq: number;
  private storeWorks: boolean;
  private flagsNow = '';
  private narratorStatus: string;
  private isClosed = false;

  constructor(kernel: SessionKernel, parts: SessionParts) {
    const { narrator, observer, moderator, moderationLog: log } = parts;
    this.kernel = kernel;
    this.parts = parts;
    this.snapshotSeq = parts.snapshotSeq;
    this.narratorStatus = JSON.stringify(narrator.status());
    this.facts = new FactFeed(kernel, parts.facts);
    this.people = new SessionPeople(kernel, (playerId, isPresent) => {
      this.timers.watchAbsence();
      this.monitor.presence(playerId, isPresent);
    });
    const countPresent = () => this.people.presentCount();
    this.screen = new TextScreen({ kernel, moderator, log, countPresent });
    this.watch = new DraftWatch(kernel, this.screen, this.tellPlayer);
    this.documents = this.makeDocuments();
    this.storeWorks = !parts.isReadOnly;
    this.documents.isReadOnly = parts.isReadOnly;
    this.door = new SessionDoor(kernel, this.screen, () => this.isReadOnly);
    this.narratorTurns = this.makeNarratorTurns();
    this.followSafety(log);
    this.commands = this.makeCommands();
    this.history = this.makeHistory();
    this.memory = new MemoryKeeper(kernel, {
      summariser: parts.history.summariser,
      screen: this.screen,
      isIdle: () => this.isReadOnly || this.people.count === 0,
    });
    this.timers = new SessionTimers(kernel, {
      isPresent: this.isHere,
      isReadOnly: () => this.isReadOnly,
      notify: this.notify,
      commitDraft: (draftId) => this.commands.commitRested(draftId),
      takeBackOf: (playerId) => this.narratorTurns.takeBackOf(playerId),
    });
    this.monitor = this.makeMonitor();
    this.viewSources = this.sourcesOfView();
    this.flagsChanged();
    const stops = [
      narrator.onChanged(() => this.narratorChanged()),
      parts.flags.onChanged(() => this.flagsChanged()),
    ];
    this.stopListening = () => {
      for (const stop of stops) stop();
    };
    new SessionEffects(kernel, {
      people: this.people,
      documents: this.documents,
      timers: this.timers,
      observer,
      onPurge: parts.onPurge,
    });
  }

  private makeDocuments(): SessionDocuments {
    return new SessionDocuments(this.kernel, this.parts.observer, {
      watch: this.watch,
      onTyped: (playerId, draft) => {
        this.people.typed(playerId, draft);
        this.timers.typed(draft.id);
      },
      onEdited: (edit, bytes) => this.monitor.edited(edit, bytes),
      onCursor: (playerId) => this.monitor.acted(playerId),
    });
  }

  private makeNarratorTurns(): NarratorTurns {
    const { narrator, observer, history } = this.parts;
    return new NarratorTurns(this.kernel, narrator, {
      observer,
      notify: this.notify,
      screen: new NarratorScreen(this.kernel, this.screen),
      isSafe: () => this.flags().has('safe_responder'),
      generations: history.generations,
      onGenerated: (generation, passageId) => {
        this.facts.generated(generation, passageId);
        this.monitor.generated(generation, passageId);
      },
    });
  }

  private makeCommands(): SessionCommands {
    return new SessionCommands(this.kernel, {
      narrator: this.parts.narrator,
      narratorTurns: this.narratorTurns,
      screen: this.screen,
      isHere: this.isHere,
      flags: () => this.flags(),
      closedBy: () => this.closedBy(),
      notify: this.notify,
      typing: this.people.typing,
      pastFor: (scope) => this.history.pastFor(scope),
    });
  }

  private makeHistory(): SessionHistory {
    return new SessionHistory(this.kernel, {
      past: this.parts.history.past,
      observer: this.parts.observer,
      contextFor: (player) => this.commands.contextFor(player),
      notify: this.notify,
      tellPlayer: this.tellPlayer,
      isReadOnly: () => this.isReadOnly,
    });
  }

  private makeMonitor(): SessionMonitor {
    const { observer, quality } = this.parts;
    return new SessionMonitor(this.kernel, {
      observer,
      quality,
      isReadOnly: () => this.isReadOnly,
      notify: this.notify,
      tellPlayer: this.tellPlayer,
      tellMasters: this.tellMasters,
      hasMasters: () => this.people.hasMasters(),
      send: (view) => this.people.toMasters('session:health', view),
    });
  }

  private sourcesOfView(): ViewSources {
    return {
      kernel: this.kernel,
      narrator: this.parts.narrator,
      isPresent: this.people.isPresent,
      typing: this.people.typing,
      isReadOnly: () => this.isReadOnly,
      screen: this.screen,
      flags: () => this.flags(),
    };
  }

  private followSafety(log: ModerationLog): void {
    new SafetyEffects(this.kernel, {
      log,
      notify: this.notify,
      tellPlayer: this.tellPlayer,
      tellMasters: this.tellMasters,
      silence: (isAtOnce) => this.narratorTurns.silence(isAtOnce),
    });
  }

  get id(): string {
    return this.kernel.state.id;
  }

  /** Nothing is taken in now: it could not be stored, or the operator wants it so. */
  get isReadOnly(): boolean {
    return this.documents.isReadOnly;
  }

  /** Switches of the operator that are on here. */
  private flags(): ReadonlySet<Flag> {
    return new Set(FLAGS.filter((flag) => this.parts.flags.isOn(flag, this.id)));
  }

  /** S10: what the operator switches takes effect at once. */
  private flagsChanged(): void {
    const flags = this.flags();
    const now = [...flags].join();
    if (now === this.flagsNow) return;
    this.flagsNow = now;
    this.documents.isReadOnly = !this.storeWorks || flags.has('read_only');
    if (flags.has('narrator_off') || flags.has('human_only')) this.narratorTurns.silence(false);
    this.kernel.dirty.add('safety').add('about');
    this.kernel.journal.wake();
  }

  /** Why nothing is taken in now; null: it is. */
  private closedBy(): Refusal | null {
    if (this.isClosed) return refuse('SHUTTING_DOWN');
    if (!this.isReadOnly) return null;
    return this.storeWorks
      ? refuse('GAME_PAUSED', 'The operator of this server has made the session read-only for now.')
      : refuse('STORAGE_UNAVAILABLE');
  }

  /** Connected, and not out by the open door. */
  private readonly isHere = (playerId: string): boolean =>
    this.people.isPresent(playerId) && !standingOf(this.kernel.state, playerId).isAway;

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
    if (this.storeWorks) return;
    this.storeWorks = true;
    this.documents.isReadOnly = this.flags().has('read_only');
    this.kernel.dirty.add('about');
    this.kernel.journal.wake();
    this.timers.watchTurn();
    this.narratorTurns.resume();
  }

  /** Executes a command for a player; resolves when what followed is durable, or with the refusal. */
  execute(playerId: string, command: Command): Promise<CommandAnswer> {
    return this.commands.execute(playerId, command);
  }

  /** G1: `by` null: the operator. Resolves when the live story is durably without it; what is stored follows. */
  purge(of: {
    by: string | null;
    passageIds: readonly string[];
    talkIds: readonly string[];
  }): Promise<CommandAnswer> {
    const { kernel } = this;
    // What the operator keeps read-only for others is open to the operator.
    const isOperators = of.by === null && this.storeWorks && !this.isClosed;
    const closed = isOperators ? null : this.closedBy();
    if (closed !== null) return Promise.resolve(closed);
    const { state, story, clock } = kernel;
    const decision = purgeOf(
      {
        state,
        story,
        now: clock.now(),
        newId: () => kernel.newId(),
        passage: (passageId) => story.passage(passageId),
      },
      of,
    );
    if (!decision.ok) return Promise.resolve(decision);
    kernel.apply(decision, of.by);
    return kernel.journal.durable<CommandAnswer>({ ok: true, value: decision.value });
  }

  connect(peer: ControlPeer): { ok: true } | Refusal {
    if (this.isClosed) return refuse('SHUTTING_DOWN');
    const joined = this.people.join(peer, this.viewSources);
    if (joined.ok) this.monitor.joined(peer);
    return joined;
  }

  disconnect(peer: ControlPeer): void {
    this.people.leave(peer);
    const { playerId } = peer;
    if (this.isClosed || this.isReadOnly || this.people.isPresent(playerId)) return;
    // B6: so that they can see what has happened when they come back.
    this.kernel.record({ type: 'player-left', playerId, at: this.kernel.clock.now() }, playerId);
  }

  /** Called for every change of the queue of all sessions: what is no news here goes no further. */
  private narratorChanged(): void {
    const status = JSON.stringify(this.parts.narrator.status());
    if (status === this.narratorStatus && this.kernel.state.narratorTurns.length === 0) return;
    this.narratorStatus = status;
    this.kernel.dirty.add('narrator');
    this.kernel.journal.wake();
  }

  private readonly notify = (notice: Notice): void =>
    this.kernel.journal.whenDurable(() => this.people.tell(notice));

  private readonly tellPlayer = (playerId: string, notice: Notice): void =>
    this.kernel.journal.whenDurable(() => this.people.sendTo(playerId, 'session:noticed', notice));

  private readonly tellMasters = (notice: Notice): void =>
    this.kernel.journal.whenDurable(() => this.people.toMasters('session:noticed', notice));

  /** F1: resolves when it is durable, or with the refusal. */
  giveFeedback(playerId: string, input: FeedbackInput): Promise<CommandAnswer> {
    const closed = this.closedBy();
    if (closed !== null) return Promise.resolve(closed);
    const { feedback: store, observer } = this.parts;
    const { kernel, screen } = this;
    const rateFrom = (ratings: { count: number; sum: number }) => this.rateFrom(ratings);
    return giveFeedback({ kernel, store, screen, observer, rateFrom }, playerId, input);
  }

  /** D20: all ratings it got. */
  rateFrom(ratings: { count: number; sum: number }): void {
    this.monitor.rateFrom(ratings);
  }

  /** How it does, as of the last look; for operators. */
  health(): SessionHealth {
    return this.monitor.health();
  }

  /** What game masters see of how it does. */
  monitorView(): MonitorView {
    return this.monitor.view();
  }

  /** Called by the journal just before a batch is closed: adds what should go out with it. */
  beforeFlush(): void {
    this.watch.beforeFlush();
    this.history.beforeFlush();
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
    this.history.close();
    this.memory.close();
    this.monitor.close();
    this.watch.close();
    this.people.close();
    this.people.closeAll(code, refusal);
    this.documents.closeAll(code, refusal);
  }
}
