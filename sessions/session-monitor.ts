import type { DraftEdit } from './conflict-ledger.ts';
import type { SessionEvent } from './events.ts';
import type { GenerationFact } from './facts.ts';
import {
  answersTo,
  isWithin,
  SLOW_FOR_MS,
  SLOW_SECONDS,
  type Answer,
  type Situation,
} from './interventions.ts';
import type { SessionKernel } from './kernel.ts';
import { LineReader } from './line-reader.ts';
import { Monitor, readForMonitor } from './monitor.ts';
import { healthOf, IssueWatch, reasonsOf, type Figures, type Found } from './monitor-issues.ts';
import type { Health, HealthReason, Issue, MonitorView } from './monitor-view.ts';
import { PassageWatch } from './passage-watch.ts';
import type { ControlPeer, SessionObserver } from './peers.ts';
import type { QualityAssessor, QualityScores } from './quality.ts';
import { can, isMaster } from './roles.ts';
import { isWaiting } from './safety-events.ts';
import { isMuted, standingOf } from './standing.ts';
import { activePlayer } from './state.ts';
import { chosenText, NARRATOR, type Passage } from './story-shape.ts';
import type { Notice } from './view.ts';

/** How often a session with people in it is looked at, and how often its measures are told for metrics, ms. */
const LOOK_MS = 15_000;
const TELL_MS = 60_000;
/** Game masters get news at most this often, ms. */
const SEND_MS = 2_000;
/** Times at which texts were held that are remembered. */
const HOLDS_KEPT = 20;
/** Characters of the last passage that a recap shows when there is no summary. */
const RECAP_LENGTH = 240;

/** Another line, or other texts on it: what was read no longer holds. */
const CHANGES_LINE: ReadonlySet<SessionEvent['type']> = new Set([
  'passage-struck',
  'passage-restored',
  'alternative-chosen',
  'rolled-back',
  'rollback-answered',
  'branch-switched',
  'hold-undone',
  'purge-begun',
]);
/** Decisions of game masters that settle a conflict over a passage. */
const RULINGS: ReadonlySet<SessionEvent['type']> = new Set([
  'passage-struck',
  'passage-restored',
  'hold-decided',
]);
const HELD_TEXTS: ReadonlySet<string> = new Set(['passage', 'talk', 'narrator']);

export interface MonitorHooks {
  observer: SessionObserver;
  quality: QualityAssessor;
  isReadOnly: () => boolean;
  notify: (notice: Notice) => void;
  tellPlayer: (playerId: string, notice: Notice) => void;
  tellMasters: (notice: Notice) => void;
  /** Whether a game master is here, and the way to them. */
  hasMasters: () => boolean;
  send: (view: MonitorView) => void;
}

/** What is told of a session to operators. */
export interface SessionHealth {
  health: Health;
  issues: Issue[];
  reasons: string[];
  quality: QualityScores;
  /** When somebody last did anything, epoch ms; null: not since it was loaded. */
  activeAt: number | null;
}

/**
 * Watches one session: feeds the monitor with what happens, looks at it every 15 s while people are here, answers issues
 * gently (V9), and tells game masters. Nothing waits for it, and it changes no text.
 */
export class SessionMonitor {
  private readonly kernel: SessionKernel;
  private readonly hooks: MonitorHooks;
  private readonly monitor: Monitor;
  private readonly passages: PassageWatch;
  private readonly line: LineReader;
  private watch = new IssueWatch();
  private heldAt: number[] = [];
  private found: (Found & { since: number })[] = [];
  private reasons: HealthReason[] = [];
  private toldAt = 0;
  /** When people last could not go on (epoch ms): a paused game, a narrator at work; null: not since it was loaded. */
  private blockedAt: number | null = null;
  private sent = '';
  private cancelLook: (() => void) | null = null;
  private cancelSend: (() => void) | null = null;
  private isClosed = false;

  constructor(kernel: SessionKernel, hooks: MonitorHooks) {
    this.kernel = kernel;
    this.hooks = hooks;
    this.monitor = new Monitor(hooks.quality.background, kernel.clock.now(), (playerId) =>
      this.plays(playerId),
    );
    this.line = new LineReader(kernel, this.monitor, () => this.soon());
    this.passages = new PassageWatch(kernel, {
      ...hooks,
      engagement: () => this.monitor.engaged(kernel.clock.now()),
      measured: (quality, author, isReplacement) => {
        this.monitor.assessed(quality, author, isReplacement);
        this.soon();
      },
    });
    kernel.onEvent((event, author) => this.follow(event, author));
  }

  /** Somebody's first connection opened, or their last one closed. */
  presence(playerId: string, isPresent: boolean): void {
    const isFirst = this.monitor.people.present().length === 0;
    this.monitor.people.presence(playerId, this.kernel.clock.now(), isPresent);
    if (this.monitor.people.present().length === 0) this.rest();
    if (isFirst && isPresent && this.cancelLook === null) {
      this.line.restart();
      this.planLook();
    }
    this.soon();
  }

  /** D20: the ratings of the session so far. */
  rateFrom(ratings: { count: number; sum: number }): void {
    this.monitor.rateFrom(ratings);
  }

  /** V11: a game master's connection learns at once how things stand. */
  joined(peer: ControlPeer): void {
    const player = activePlayer(this.kernel.state, peer.playerId);
    if (player === null || !isMaster(player.role)) return;
    const view = this.view();
    this.kernel.journal.whenDurable(() => peer.send('session:health', view));
  }

  /** Nobody is here: nothing is wrong with how they play. */
  private rest(): void {
    this.watch = new IssueWatch();
    this.found = [];
    this.reasons = [];
  }

  /** Somebody's cursor moved, or they did something else that leaves no event. */
  acted(playerId: string): void {
    this.monitor.people.acted(playerId, this.kernel.clock.now());
  }

  /** An edit of a draft, and the bytes that went over the wire for it. */
  edited(edit: DraftEdit, wireBytes: number): void {
    this.monitor.people.acted(edit.playerId, edit.at);
    this.monitor.engagement.acted(edit.at);
    this.monitor.conflicts.edited(edit);
    const inserted = edit.inserted.reduce((sum, { bytes }) => sum + bytes, 0);
    const deleted = edit.deleted.reduce((sum, { from, to }) => sum + to - from, 0);
    this.monitor.synced({
      wire: wireBytes,
      text: Math.max(0, inserted - deleted),
    });
  }

  /** A narrator turn is over; the passage it wrote into, null: none. */
  generated({ timing, outcome }: GenerationFact, passageId: string | null): void {
    const { queueMs, totalMs } = timing;
    this.monitor.waits.ended(this.kernel.clock.now(), queueMs, totalMs - queueMs);
    if (outcome === 'committed' && passageId !== null)
      this.committed(passageId, this.isAnotherTry(passageId));
  }

  private follow(event: SessionEvent, author: string | null): void {
    const now = this.kernel.clock.now();
    if (author !== null && event.type !== 'player-left') {
      this.monitor.people.acted(author, now);
      this.monitor.engagement.acted(now);
    }
    if (event.type === 'passage-committed' && !event.isHeld)
      this.committed(event.passageId, event.isReplacement);
    if (event.type === 'hold-decided' && event.state === 'approved' && event.passageId !== null)
      this.committed(event.passageId, true);
    if (event.type === 'text-held' && event.hold.why !== null && HELD_TEXTS.has(event.hold.kind))
      this.heldAt = [...this.heldAt, now].slice(-HOLDS_KEPT);
    if (event.type === 'text-held' && event.hold.kind === 'hidden') this.line.restart();
    if (event.type === 'feedback-given') this.rated(event);
    if (CHANGES_LINE.has(event.type)) this.lineChanged(event);
    const about = 'passageId' in event ? event.passageId : null;
    if (RULINGS.has(event.type) && about !== null) this.monitor.conflicts.ruled(about, now);
    if (this.monitor.people.present().length > 0) this.soon();
  }

  private rated({ playerId, passageId, feedback }: Extract<SessionEvent, { type: 'feedback-given' }>): void {
    const isNegative = feedback === 'negative' || feedback === 'broke_story';
    this.monitor.engagement.reacted(passageId, playerId, isNegative);
    // Somebody says that it contradicts the story: open until a game master rules or it is left at that (V5).
    if (feedback === 'broke_story')
      this.monitor.conflicts.opened(passageId, [playerId], this.kernel.clock.now());
  }

  private isAnotherTry(passageId: string): boolean {
    return (this.kernel.story.passage(passageId)?.alternatives.length ?? 1) > 1;
  }

  /** Once everybody can read it, and not before they are told: it is read and measured. */
  private committed(passageId: string, isReplacement: boolean): void {
    const { journal, clock } = this.kernel;
    journal.whenDurable(() => {
      clock.after(0, () => {
        if (this.isClosed) return;
        const passage = this.kernel.story.passage(passageId);
        const read = readForMonitor(passage);
        if (passage === null || read === null) return;
        if (isReplacement) this.line.restart();
        else this.line.add(read);
        if (passage.kind === 'narrator') this.narrated(passage);
        this.passages.measure(passage, { author: read.author, isReplacement });
        this.soon();
      });
    });
  }

  private narrated(passage: Passage): void {
    const { engagement } = this.monitor;
    if (engagement.knows(passage.id)) engagement.rewritten(passage.id, chosenText(passage));
    else engagement.narrated(passage.id, this.kernel.clock.now(), chosenText(passage));
  }

  private lineChanged(event: SessionEvent): void {
    const { engagement } = this.monitor;
    if (event.type === 'passage-struck') engagement.kept(event.passageId, false);
    if (event.type === 'passage-restored') engagement.kept(event.passageId, true);
    if (event.type === 'rolled-back')
      for (const passageId of event.rollback.struck) engagement.kept(passageId, false);
    this.line.restart();
  }

  private planLook(): void {
    this.cancelLook = this.kernel.clock.after(LOOK_MS, () => {
      this.cancelLook = null;
      if (this.isClosed || this.monitor.people.present().length === 0) return;
      if (!this.line.isReading) this.look();
      this.planLook();
    });
  }

  /** Whether they may write, and are not out by the open door. */
  private plays(playerId: string): boolean {
    const { state } = this.kernel;
    const player = state.players[playerId];
    return player !== undefined && can(player.role, 'write') && !standingOf(state, playerId).isAway;
  }

  private look(): void {
    const { state, clock } = this.kernel;
    if (state.safety.isPaused || this.hooks.isReadOnly() || state.narratorTurns.length > 0)
      this.blockedAt = clock.now();
    const figures = this.figures();
    this.found = this.watch.look(figures);
    this.reasons = reasonsOf(figures, this.found);
    if (!figures.isPaused && !figures.isReadOnly) {
      this.endSlowMode(figures.now);
      if (this.found.length > 0)
        for (const answer of answersTo(this.found, this.situation(figures))) this.intervene(answer);
    }
    if (figures.now - this.toldAt >= TELL_MS) {
      this.toldAt = figures.now;
      this.hooks.observer.monitored(figures.scores);
    }
    this.soon();
  }

  private figures(): Figures {
    const { state, story, clock } = this.kernel;
    const now = clock.now();
    const scores = this.monitor.scores(now, state.monitor);
    const people = this.monitor.counted(now);
    const lastAct = this.monitor.people.lastAct();
    const words = people.reduce((sum, one) => sum + one.words, 0);
    const most = Math.max(0, ...people.map((one) => one.words));
    const waiting = state.narratorTurns.filter((turn) => turn.state === 'queued');
    return {
      now,
      scores,
      present: this.monitor.people.present().filter((playerId) => this.plays(playerId)).length,
      counted: people.length,
      countedWords: words,
      largestShare: words === 0 ? null : most / words,
      lastActAt: lastAct === null ? null : Math.max(lastAct, this.blockedAt ?? lastAct),
      passages: story.passageCount(),
      isDiverging: this.monitor.story.isDiverging,
      voiceAlert: this.passages.below.includes('character_consistency'),
      openConflicts: this.monitor.conflicts.figures(now).open,
      longestWaitMs: Math.max(0, ...waiting.map(({ askedAt }) => now - askedAt)),
      starvedAfterMs: this.monitor.waits.starvedAfterMs(),
      heldAt: this.heldAt,
      waitingForReview: state.safety.holds.filter(isWaiting).length,
      isPaused: state.safety.isPaused,
      isReadOnly: this.hooks.isReadOnly(),
      below: this.passages.below,
    };
  }

  private situation({ now }: Figures): Situation {
    const { state } = this.kernel;
    return {
      now,
      muted: state.monitor.muted,
      earlier: state.monitor.interventions,
      leastHeard: this.leastHeard(now),
      recap: this.recap(),
      isSlow: state.safety.slowSeconds !== null,
    };
  }

  /** A writer who is here, may write, and has written least lately. */
  private leastHeard(now: number): { id: string; name: string } | null {
    const { state } = this.kernel;
    const people = this.monitor.shares(now).filter(({ author }) => author !== NARRATOR);
    const least = people.findLast(({ author, isPresent }) => {
      if (!isPresent || !this.plays(author) || state.players[author]?.isGone === true) return false;
      const standing = standingOf(state, author);
      return !standing.isReadOnly && !isMuted(standing, now);
    });
    // Whoever has written most is not the one to be asked for more.
    const player = least === undefined || least === people[0] ? undefined : state.players[least.author];
    return player === undefined ? null : { id: player.id, name: player.name };
  }

  private recap(): string | null {
    const { story } = this.kernel;
    const summary = story.currentMemory().findLast(({ kind, text }) => kind === 'summary' && text !== '');
    if (summary !== undefined) return summary.text;
    const last = chosenText(story.lastShown()).trim();
    return last === '' ? null : last.slice(-RECAP_LENGTH);
  }

  /** Slow mode that was switched on by itself ends by itself. */
  private endSlowMode(now: number): void {
    const { monitor, safety } = this.kernel.state;
    if (monitor.slowedAt === null || safety.slowSeconds === null) return;
    if (isWithin(now, monitor.slowedAt, SLOW_FOR_MS)) return;
    this.kernel.record({ type: 'slow-mode-changed', seconds: null }, null);
  }

  private intervene({ told, ...answer }: Answer): void {
    const { kernel, hooks } = this;
    if (answer.action === 'slow_mode')
      kernel.record({ type: 'slow-mode-changed', seconds: SLOW_SECONDS }, null);
    const intervention = { ...answer, id: kernel.newId(), at: kernel.clock.now() };
    kernel.record({ type: 'intervened', intervention }, null);
    hooks.observer.intervened(answer.issue, answer.action);
    if (answer.action === 'tell_master') hooks.tellMasters({ kind: 'health', text: told });
    else if (answer.action === 'recap') hooks.notify({ kind: 'recap', text: told });
    else if (answer.playerId !== null) hooks.tellPlayer(answer.playerId, { kind: 'nudge', text: told });
    else hooks.notify({ kind: 'nudge', text: told });
  }

  /** Tells game masters of news, soon. */
  soon(): void {
    if (this.isClosed || this.cancelSend !== null || !this.hooks.hasMasters()) return;
    this.cancelSend = this.kernel.clock.after(SEND_MS, () => {
      this.cancelSend = null;
      // A line that is being read anew is told when it is read.
      if (this.isClosed || !this.hooks.hasMasters() || this.line.isReading) return;
      const view = this.view();
      const { at: _at, ...news } = view;
      const json = JSON.stringify(news);
      if (json === this.sent) return;
      this.sent = json;
      this.kernel.journal.whenDurable(() => this.hooks.send(view));
    });
  }

  /** What game masters see now. */
  view(): MonitorView {
    const { state, clock, story } = this.kernel;
    const now = clock.now();
    const { interventions, muted } = state.monitor;
    const people = this.monitor.people.present();
    return {
      at: now,
      health: healthOf(this.reasons),
      reasons: this.reasons,
      scores: this.monitor.scores(now, state.monitor),
      ratings: this.monitor.satisfaction.count,
      present: people.length,
      active: people.filter((playerId) => this.monitor.people.isActive(playerId, now)).length,
      people: this.monitor.shares(now),
      threads: this.monitor.story.threads(state.monitor),
      issues: this.found.map(({ issue, since }) => ({ issue, since })),
      interventions,
      muted: Object.fromEntries(Object.entries(muted).filter(([, until]) => until > now)),
      quality: this.passages.means,
      passages: this.passages.newest((passageId) => story.passage(passageId)?.state === 'shown'),
      minutes: this.monitor.people.minutes(now),
    };
  }

  /** As of the last look. */
  health(): SessionHealth {
    return {
      health: healthOf(this.reasons),
      issues: this.found.map(({ issue }) => issue),
      reasons: this.reasons.map(({ text }) => text),
      quality: this.passages.means,
      activeAt: this.monitor.people.lastAct(),
    };
  }

  /** Stops all timers, for good. */
  close(): void {
    this.isClosed = true;
    this.cancelLook?.();
    this.cancelSend?.();
    this.line.close();
    this.passages.close();
  }
}
