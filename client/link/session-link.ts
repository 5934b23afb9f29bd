import { io, type Socket } from 'socket.io-client';
import { ERRORS, refuse, type Refusal } from '../../sessions/errors.ts';
import { LIMITS } from '../../sessions/limits.ts';
import type { CommandInput, CommandName, CommandValues } from '../../sessions/protocol.ts';
import { isMaster } from '../../sessions/roles.ts';
import type { Notice, ServerEvents, TalkLine } from '../../sessions/view.ts';
import { openConsole } from '../console/console-place.ts';
import { HEALTH_TEXT } from '../console/health-strings.ts';
import { withKnownPassages } from '../console/quality-words.ts';
import { failureOf, isRefusal, localFailure, mayPass, type Failure, type Result } from '../common/failure.ts';
import { openReview } from '../common/panel-place.ts';
import { Store } from '../common/store.ts';
import { showToast } from '../common/toasts.ts';
import { goToAsked } from '../rollback/go-to-asked.ts';
import { openStoryDialog } from '../rollback/rollback-place.ts';
import { ROLLBACK } from '../rollback/rollback-strings.ts';
import { SAFETY } from '../safety/safety-strings.ts';
import { FIRST_STATE, type SessionState } from './session-state.ts';
import type { Ticket } from './ticket.ts';
import { CLOSE, PROTOCOL_VERSION } from '../../sessions/wire-constants.ts';

const COMMAND_TIMEOUT_MS = 10_000;
const RETRY_MS = 2_500;

type CommandValue<N extends CommandName> = N extends keyof CommandValues ? CommandValues[N] : unknown;

/** The control channel of one session: its state as it arrives, and the commands that change it. */
export class SessionLink {
  readonly sessionId: string;
  readonly ticket: Ticket;
  readonly state = new Store<SessionState>(FIRST_STATE);
  readonly #socket: Socket<ServerEvents>;
  #closingCode: number | null = null;
  #retry: ReturnType<typeof setTimeout> | null = null;
  #isClosed = false;

  constructor(sessionId: string, ticket: Ticket) {
    this.sessionId = sessionId;
    this.ticket = ticket;
    this.#socket = io({
      path: '/socket.io',
      transports: ['websocket'],
      autoConnect: false,
      reconnectionDelay: 500,
      reconnectionDelayMax: 2_500,
      auth: (give) => give({ ticket: this.ticket.value }),
    });
    this.#listen();
  }

  /** Joins and connects; goes on trying until it works, is refused for good, or is closed. */
  async open(): Promise<void> {
    if (this.#isClosed) return;
    if (this.ticket.isStale(Date.now()) || this.#closingCode !== null) {
      const joined = await this.ticket.renew();
      if (!joined.ok) return this.#onRefused(joined);
    }
    this.#closingCode = null;
    if (!this.#isClosed) this.#socket.connect();
  }

  /** Sends a command and waits for its answer, at most ten seconds. */
  async command<N extends CommandName>(name: N, payload: CommandInput<N>): Promise<Result<CommandValue<N>>> {
    if (!this.#socket.connected) return localFailure('OFFLINE');
    let answer: unknown;
    try {
      const socket = this.#socket as unknown as Socket;
      answer = await socket.timeout(COMMAND_TIMEOUT_MS).emitWithAck(name, payload);
    } catch {
      return localFailure(this.#socket.connected ? 'TIMEOUT' : 'OFFLINE');
    }
    if (isRefusal(answer)) return failureOf(answer);
    if (typeof answer !== 'object' || answer === null || !('value' in answer))
      return localFailure('UNEXPECTED');
    return { ok: true, value: answer.value as CommandValue<N> };
  }

  /** Sends a command and shows a refusal to the player. True when it worked. */
  async act<N extends CommandName>(name: N, payload: CommandInput<N>): Promise<boolean> {
    const result = await this.command(name, payload);
    if (!result.ok) showToast(result.message, { tone: 'problem' });
    return result.ok;
  }

  /** Resolves when commands can reach the server; at once when they can now. */
  whenLive(): Promise<void> {
    return new Promise((resolve) => {
      if (this.state.get().phase === 'live') return resolve();
      const stop = this.state.watch(() => {
        if (this.state.get().phase !== 'live') return;
        stop();
        resolve();
      });
    });
  }

  /** Leaves for good. */
  close(): void {
    this.#isClosed = true;
    window.removeEventListener('online', this.#onOnline);
    if (this.#retry !== null) clearTimeout(this.#retry);
    this.#socket.close();
  }

  #listen(): void {
    const socket = this.#socket;
    window.addEventListener('online', this.#onOnline);
    socket.on('session:welcome', ({ protocolVersion, you, view, talk, serverTime }) => {
      this.#patch({
        phase: 'live',
        health: isMaster(you.role) ? this.state.get().health : null,
        you,
        lastSeenAt: you.lastSeenAt,
        view,
        talk,
        skewMs: serverTime - Date.now(),
        isOutdated: protocolVersion !== PROTOCOL_VERSION,
      });
    });
    socket.on('session:patched', (patch) => {
      this.state.update((state) => ({
        ...state,
        view: state.view === null ? null : { ...state.view, ...patch },
      }));
    });
    socket.on('talk:said', (line) => this.#hear(line));
    socket.on('talk:removed', (ids) =>
      this.state.update((state) => ({ ...state, talk: state.talk.filter(({ id }) => !ids.includes(id)) })),
    );
    socket.on('session:desk', (desk) => this.#patch({ desk }));
    socket.on('session:health', (health) =>
      this.state.update((state) => ({ ...state, health: withKnownPassages(state.health, health) })),
    );
    socket.on('session:noticed', (notice) => this.#notice(notice));
    socket.on('session:closing', ({ code, refusal }) => {
      this.#closingCode = code;
      const isOver = code === CLOSE.forbidden || refusal.code === 'PLAYER_KICKED';
      if (isOver) this.#end(failureOf(refusal));
    });
    socket.on('disconnect', () => {
      if (this.state.get().phase === 'live') this.#patch({ phase: 'away' });
      // After a close by the server, or with a stale ticket, Socket.IO would not find back by itself.
      if (!socket.active) this.#retryLater();
    });
    socket.on('connect_error', (error) => {
      const data = (error as Error & { data?: unknown }).data;
      if (isRefusal(data)) this.#onConnectRefused(data);
    });
  }

  /** The network is back: no need to sit out the pause between two attempts. */
  readonly #onOnline = (): void => {
    if (this.#socket.connected || this.state.get().phase === 'ended') return;
    this.#socket.disconnect();
    void this.open();
  };

  #notice({ kind, text }: Notice): void {
    switch (kind) {
      case 'text-hint':
        // Stands beside the draft that it is about.
        return this.#patch({ hint: { text, at: Date.now() } });
      case 'text-held':
        return showToast(SAFETY.notes.held(text));
      case 'text-masked':
        return showToast(SAFETY.notes.masked(text));
      case 'text-refused':
        // In the words of the refusal that its sender gets as well: nothing is shown twice.
        return showToast(failureOf(refuse('TEXT_REFUSED', text === '' ? null : text)).message, {
          tone: 'problem',
        });
      case 'rollback':
        // Told from the view, with the way back (rollback-teller.tsx).
        return;
      case 'text-kept':
        return showToast(text, {
          action: {
            label: ROLLBACK.takenBack.show,
            run: () => openStoryDialog({ name: 'taken-back' }),
          },
        });
      case 'text-asked':
        return showToast(text, { action: { label: ROLLBACK.asked.look, run: goToAsked } });
      case 'review-needed':
        return showToast(text, { action: { label: SAFETY.review.open, run: () => openReview() } });
      case 'health':
        return showToast(text, { action: { label: HEALTH_TEXT.open, run: openConsole } });
      default:
        showToast(text);
    }
  }

  #hear(line: TalkLine): void {
    this.state.update((state) => ({
      ...state,
      talk: state.talk.some((known) => known.id === line.id)
        ? state.talk
        : [...state.talk, line].slice(-LIMITS.talkKept),
    }));
  }

  #onConnectRefused(refusal: Refusal): void {
    if (refusal.code === 'TICKET_INVALID') this.#closingCode = CLOSE.ticketInvalid;
    else if (!ERRORS[refusal.code][1]) return this.#end(failureOf(refusal));
    this.#retryLater(refusal.retryAfterMs ?? RETRY_MS);
  }

  #onRefused(failure: Failure): void {
    if (mayPass(failure)) this.#retryLater(RETRY_MS);
    else this.#end(failure);
  }

  #retryLater(delayMs = 300): void {
    if (this.#isClosed || this.#retry !== null || this.state.get().phase === 'ended') return;
    this.#retry = setTimeout(() => {
      this.#retry = null;
      void this.open();
    }, delayMs);
  }

  #end(failure: Failure): void {
    this.#patch({ phase: 'ended', ended: failure });
    this.#socket.disconnect();
  }

  #patch(part: Partial<SessionState>): void {
    this.state.update((state) => ({ ...state, ...part }));
  }
}
