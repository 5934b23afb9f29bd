import type { Refusal } from './errors.ts';
import type { SessionKernel } from './kernel.ts';
import type { ControlPeer } from './peers.ts';
import { PROTOCOL_VERSION } from './wire-constants.ts';
import type { NarratorView, Notice, ServerEvents, SessionView } from './view.ts';
import { deskView } from './desk-view.ts';
import { isMaster } from './roles.ts';
import { fullView, viewSlices, type ViewSources } from './session-view.ts';
import { refuse } from './errors.ts';
import { activePlayer, entryOf, type Draft } from './state.ts';
import { ABSENCE_GRACE_MS } from './turns.ts';

/** How long after the last keystroke a player counts as typing, ms. */
export const TYPING_MS = 3_000;

/** Notices kept while nobody is there to hear them. */
const MISSED_KEPT = 8;

/** The command connections of a session: who is present, who is typing, and what they are told. */
export class SessionPeople {
  readonly typing = new Map<string, string>();
  private readonly kernel: SessionKernel;
  private readonly peers = new Map<string, ControlPeer>();
  private readonly onPresence: (playerId: string, isPresent: boolean) => void;
  private readonly typedAt = new Map<string, number>();
  private cancelTypingTimer: (() => void) | null = null;
  /** What fell while nobody was there, and until when those who come are told. */
  private missed: { notices: Notice[]; until: number | null } = { notices: [], until: null };
  /** The narrator slice that everybody has, as JSON; null: somebody may have another one. */
  private sentNarrator: string | null = null;
  /** The desk that a player's connections all have, as JSON. */
  private readonly sentDesks = new Map<string, string>();

  constructor(kernel: SessionKernel, onPresence: (playerId: string, isPresent: boolean) => void) {
    this.kernel = kernel;
    this.onPresence = onPresence;
  }

  readonly isPresent = (playerId: string): boolean => {
    for (const peer of this.peers.values()) if (peer.playerId === playerId) return true;
    return false;
  };

  get count(): number {
    return this.peers.size;
  }

  /** Players with at least one connection. */
  presentCount(): number {
    // Most sessions in memory have nobody in them, and all are counted at each scrape.
    if (this.peers.size === 0) return 0;
    return new Set([...this.peers.values()].map((peer) => peer.playerId)).size;
  }

  /** Connects a peer and welcomes it once all it is told is durable. */
  join(peer: ControlPeer, sources: ViewSources): { ok: true } | Refusal {
    const player = activePlayer(this.kernel.state, peer.playerId);
    if (player === null) return refuse('PLAYER_REMOVED');
    const wasPresent = this.isPresent(peer.playerId);
    this.peers.set(peer.id, peer);
    if (!wasPresent) this.presenceChanged(peer.playerId, true);
    const welcome: Parameters<ServerEvents['session:welcome']>[0] = {
      protocolVersion: PROTOCOL_VERSION,
      you: {
        playerId: player.id,
        role: player.role,
        lastSeenAt: entryOf(this.kernel.state.history.lastSeen, player.id) ?? null,
      },
      view: fullView(sources),
      talk: this.kernel.state.talk,
      serverTime: this.kernel.clock.now(),
    };
    this.sentNarrator = null;
    const missed = this.missedNotices();
    const desk = deskView(this.kernel.state, player);
    this.kernel.journal.whenDurable(() => {
      peer.send('session:welcome', welcome);
      peer.send('session:desk', desk);
      for (const notice of missed) peer.send('session:noticed', notice);
    });
    return { ok: true };
  }

  /** Tells everybody; when nobody is there, those who come within a grace of the first who does. */
  tell(notice: Notice): void {
    if (this.peers.size > 0) return this.broadcast('session:noticed', notice);
    this.missed = { notices: [...this.missed.notices, notice].slice(-MISSED_KEPT), until: null };
  }

  private missedNotices(): Notice[] {
    const now = this.kernel.clock.now();
    const { notices, until } = this.missed;
    if (notices.length === 0) return [];
    this.missed =
      until !== null && now > until
        ? { notices: [], until: null }
        : { notices, until: until ?? now + ABSENCE_GRACE_MS };
    return this.missed.notices;
  }

  /** The peer's socket is closed. */
  leave(peer: ControlPeer): void {
    if (!this.peers.delete(peer.id)) return;
    if (this.isPresent(peer.playerId)) return;
    this.sentDesks.delete(peer.playerId);
    this.presenceChanged(peer.playerId, false);
  }

  private presenceChanged(playerId: string, isPresent: boolean): void {
    this.kernel.dirty.add('players').add('turn');
    this.kernel.journal.wake();
    this.onPresence(playerId, isPresent);
  }

  /** A player typed in a draft; others see it until it rests for `TYPING_MS`. */
  typed(playerId: string, draft: Draft): void {
    const { clock } = this.kernel;
    this.typedAt.set(playerId, clock.now());
    if (this.typing.get(playerId) !== draft.id) {
      this.typing.set(playerId, draft.id);
      this.kernel.dirty.add('typing');
    }
    this.cancelTypingTimer ??= clock.after(TYPING_MS, () => this.expireTyping());
  }

  private expireTyping(): void {
    this.cancelTypingTimer = null;
    const now = this.kernel.clock.now();
    let nextMs = Infinity;
    for (const [playerId, at] of this.typedAt) {
      const leftMs = at + TYPING_MS - now;
      if (leftMs > 0) nextMs = Math.min(nextMs, leftMs);
      else this.stopTyping(playerId);
    }
    if (nextMs < Infinity)
      this.cancelTypingTimer = this.kernel.clock.after(nextMs, () => this.expireTyping());
  }

  private stopTyping(playerId: string): void {
    this.typedAt.delete(playerId);
    this.typing.delete(playerId);
    this.kernel.dirty.add('typing').add('drafts');
    this.kernel.journal.wake();
  }

  /** Adds the patch of what changed to the batch that is about to be closed. */
  beforeFlush(sources: ViewSources): void {
    const { dirty, journal } = this.kernel;
    if (dirty.size === 0) return;
    if (dirty.delete('desk')) this.sendDesks();
    // Its own pace, see session-monitor.ts.
    dirty.delete('health');
    const patch = viewSlices(sources, dirty as ReadonlySet<keyof SessionView>);
    dirty.clear();
    if (patch.narrator !== undefined && !this.isNews(patch.narrator)) delete patch.narrator;
    if (Object.keys(patch).length === 0) return;
    journal.whenDurable(() => this.broadcast('session:patched', patch));
  }

  /** Everybody's own desk, to those whose desk has changed. */
  private sendDesks(): void {
    for (const playerId of new Set([...this.peers.values()].map((peer) => peer.playerId))) {
      const player = activePlayer(this.kernel.state, playerId);
      if (player === null) continue;
      const desk = deskView(this.kernel.state, player);
      const json = JSON.stringify(desk);
      if (json === this.sentDesks.get(playerId)) continue;
      this.sentDesks.set(playerId, json);
      this.kernel.journal.whenDurable(() => this.sendTo(playerId, 'session:desk', desk));
    }
  }

  private isNews(narrator: NarratorView): boolean {
    const now = JSON.stringify(narrator);
    const isNews = now !== this.sentNarrator;
    this.sentNarrator = now;
    return isNews;
  }

  /** Sends an event to every connection of one player, now. */
  sendTo<E extends keyof ServerEvents>(
    playerId: string,
    event: E,
    ...message: Parameters<ServerEvents[E]>
  ): void {
    for (const peer of this.peers.values()) if (peer.playerId === playerId) peer.send(event, ...message);
  }

  /** Whether a game master is here. */
  hasMasters(): boolean {
    return [...this.peers.values()].some((peer) => this.isMaster(peer));
  }

  /** Sends an event to those game masters who are here, now. */
  toMasters<E extends keyof ServerEvents>(event: E, ...message: Parameters<ServerEvents[E]>): void {
    for (const peer of this.peers.values()) if (this.isMaster(peer)) peer.send(event, ...message);
  }

  private isMaster({ playerId }: ControlPeer): boolean {
    const player = activePlayer(this.kernel.state, playerId);
    return player !== null && isMaster(player.role);
  }

  /** Sends an event to everybody, now. */
  broadcast<E extends keyof ServerEvents>(event: E, ...message: Parameters<ServerEvents[E]>): void {
    for (const peer of this.peers.values()) peer.send(event, ...message);
  }

  /** Closes every connection, or those of one player. */
  closeAll(code: number, refusal: Refusal, playerId: string | null = null): void {
    for (const peer of [...this.peers.values()]) {
      if (playerId !== null && peer.playerId !== playerId) continue;
      peer.send('session:closing', { code, refusal });
      peer.close(code, refusal);
    }
  }

  /** Stops the timer. */
  close(): void {
    this.cancelTypingTimer?.();
    this.cancelTypingTimer = null;
  }
}
