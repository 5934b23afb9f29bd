import type { Refusal } from '../../sessions/errors.ts';
import type { ControlPeer } from '../../sessions/peers.ts';
import type { Session } from '../../sessions/session.ts';
import type { ServerEvents, SessionView } from '../../sessions/view.ts';

let connections = 0;

/** A command connection that remembers what it was told, and keeps the view as the client does. */
export class TestControl implements ControlPeer {
  readonly id = `control-${(connections += 1)}`;
  readonly playerId: string;
  readonly events: { event: keyof ServerEvents; message: unknown }[] = [];
  view: SessionView | null = null;
  closedWith: number | null = null;
  private readonly session: Session;

  constructor(session: Session, playerId: string) {
    this.session = session;
    this.playerId = playerId;
  }

  /** Connects, as the gateway does. */
  connect(): this {
    const joined = this.session.connect(this);
    if (!joined.ok) this.close(0, joined);
    return this;
  }

  send<E extends keyof ServerEvents>(event: E, ...message: Parameters<ServerEvents[E]>): void {
    const [payload] = message as unknown[];
    this.events.push({ event, message: payload });
    if (event === 'session:welcome') this.view = (payload as { view: SessionView }).view;
    if (event === 'session:patched' && this.view !== null)
      this.view = { ...this.view, ...(payload as Partial<SessionView>) };
  }

  close(code: number, _refusal: Refusal): void {
    if (this.closedWith !== null) return;
    this.closedWith = code;
    this.session.disconnect(this);
  }

  /** The browser goes away. */
  leave(): void {
    this.close(1_000, { ok: false, code: 'INTERNAL', message: '', detail: null, retryAfterMs: null });
  }

  /** Messages of one event, oldest first. */
  heard<E extends keyof ServerEvents>(event: E): Parameters<ServerEvents[E]>[0][] {
    return this.events
      .filter((entry) => entry.event === event)
      .map((entry) => entry.message as Parameters<ServerEvents[E]>[0]);
  }
}
