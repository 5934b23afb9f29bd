import type { Server as HttpServer } from 'node:http';
import { Server, type Socket } from 'socket.io';
import { z } from 'zod';
import { AppError, firstIssue, refuse, toRefusal, type Refusal } from '../../sessions/errors.ts';
import type { ControlPeer } from '../../sessions/peers.ts';
import { COMMANDS, type Command, type CommandName } from '../../sessions/protocol.ts';
import { CLOSE } from '../../sessions/wire-constants.ts';
import type { Session } from '../../sessions/session.ts';
import type { Sessions } from '../../sessions/sessions.ts';
import type { ServerEvents } from '../../sessions/view.ts';
import type { AroundCommands } from '../log-requests.ts';
import type { Tickets } from '../tickets.ts';
import { isOwnOrigin } from './origin.ts';
import { TokenBucket } from './token-bucket.ts';

type CommandSocket = Socket<
  Record<string, never>,
  ServerEvents,
  Record<string, never>,
  { playerId: string; session: Session; traceparent: string | undefined }
>;

export interface GatewayParts {
  sessions: Sessions;
  tickets: Tickets;
  publicUrl: string | null;
  narratorAsksPerMinute: number;
  /** A command was answered: its name or 'other', how it ended, and how long that took. */
  onCommand: (command: string, status: 'ok' | 'rejected' | 'error', seconds: number) => void;
  onFault: (error: unknown) => void;
  /** Runs each command, for the log; default: as it is. */
  around?: AroundCommands;
}

const COMMANDS_PER_SECOND = 20;
const COMMAND_BURST = 60;
/** X-cards and signals name nobody, so that nobody could stop who floods the table with them. */
const SIGNALS_PER_MINUTE = 6;
const SIGNAL_BURST = 10;
const FRAME_BYTES = 256 * 1024;
const authSchema = z.object({
  ticket: z.string().max(4_096),
  traceparent: z.string().max(200).optional().catch(undefined),
});

const justRun: AroundCommands = (_call, run) => run();

function parseCommand(name: string, payload: unknown): Command | Refusal {
  if (!Object.hasOwn(COMMANDS, name)) return refuse('BAD_INPUT', 'There is no such command.');
  const parsed = COMMANDS[name as CommandName].safeParse(payload ?? {});
  if (!parsed.success) {
    return refuse('BAD_INPUT', firstIssue(parsed.error));
  }
  return { name, payload: parsed.data } as Command;
}

/** A connection as the session sees it. */
function peerOf(socket: CommandSocket): ControlPeer {
  let isClosed = false;
  const peer: ControlPeer = {
    id: socket.id,
    playerId: socket.data.playerId,
    send: (event, ...message) => {
      if (!isClosed) socket.emit(event, ...message);
    },
    close: () => {
      isClosed = true;
      socket.data.session.disconnect(peer);
      // Not at once: what is decided with the close, such as the answers to waiting commands, still goes out.
      setImmediate(() => socket.disconnect(true));
    },
  };
  return peer;
}

/** Per player: how fast commands, and among them requests to the narrator, may come. */
class CommandLimits {
  private readonly commands = new TokenBucket(COMMANDS_PER_SECOND, COMMAND_BURST, performance.now());
  private readonly asks: TokenBucket;
  private readonly signals = new TokenBucket(SIGNALS_PER_MINUTE / 60, SIGNAL_BURST, performance.now());

  constructor(asksPerMinute: number) {
    this.asks = new TokenBucket(asksPerMinute / 60, asksPerMinute, performance.now());
  }

  check(name: string): Refusal | null {
    const now = performance.now();
    const waitMs = this.commands.take(now) || (this.bucketOf(name)?.take(now) ?? 0);
    return waitMs === 0
      ? null
      : refuse('RATE_LIMITED', `Try again in ${Math.ceil(waitMs / 1_000)} s.`, waitMs);
  }

  /** The limit that a command has beside that of all commands. */
  private bucketOf(name: string): TokenBucket | null {
    if (/^narrator:(ask|retry)$/.test(name)) return this.asks;
    return /^safety:(x-card|signal)$/.test(name) ? this.signals : null;
  }
}

/** The command channel: Socket.IO, websocket only, one ack per command. */
export class Gateway {
  private readonly io: Server<Record<string, never>, ServerEvents>;
  private readonly parts: GatewayParts;
  /** Of every player of the sessions in memory, so that another socket brings no other limit. */
  private readonly limits = new WeakMap<Session, Map<string, CommandLimits>>();

  constructor(http: HttpServer, parts: GatewayParts) {
    this.parts = parts;
    this.io = new Server(http, {
      transports: ['websocket'],
      serveClient: false,
      maxHttpBufferSize: FRAME_BYTES,
      destroyUpgrade: false,
      allowRequest: (request, decide) => decide(null, isOwnOrigin(request, parts.publicUrl)),
    });
    this.io.use((socket, next) => {
      this.authorise(socket as unknown as CommandSocket).then(
        () => next(),
        (error: unknown) => next(Object.assign(new Error('refused'), { data: toRefusal(error) })),
      );
    });
    this.io.on('connection', (socket) => this.accept(socket as unknown as CommandSocket));
  }

  private async authorise(socket: CommandSocket): Promise<void> {
    const auth = authSchema.safeParse(socket.handshake.auth);
    const claims = auth.success ? await this.parts.tickets.verify(auth.data.ticket) : null;
    if (claims === null) throw new AppError('TICKET_INVALID');
    socket.data.session = await this.parts.sessions.open(claims.sessionId);
    socket.data.playerId = claims.playerId;
    socket.data.traceparent = auth.data?.traceparent;
  }

  private accept(socket: CommandSocket): void {
    const { session } = socket.data;
    const peer = peerOf(socket);
    const limits = this.limitsOf(session, socket.data.playerId);
    socket.on('disconnect', () => session.disconnect(peer));
    socket.onAny((name: string, ...args: unknown[]) => void this.command(socket, name, { args, limits }));
    const joined = session.connect(peer);
    if (joined.ok) return;
    const code = joined.code === 'PLAYER_REMOVED' ? CLOSE.forbidden : CLOSE.restart;
    peer.send('session:closing', { code, refusal: joined });
    peer.close(code, joined);
  }

  private limitsOf(session: Session, playerId: string): CommandLimits {
    const ofSession = this.limits.get(session) ?? new Map<string, CommandLimits>();
    this.limits.set(session, ofSession);
    const limits = ofSession.get(playerId) ?? new CommandLimits(this.parts.narratorAsksPerMinute);
    ofSession.set(playerId, limits);
    return limits;
  }

  private async command(
    socket: CommandSocket,
    name: string,
    { args, limits }: { args: unknown[]; limits: CommandLimits },
  ): Promise<void> {
    const startedAt = performance.now();
    const command = Object.hasOwn(COMMANDS, name) ? name : 'other';
    const { session, playerId, traceparent } = socket.data;
    const last = args.at(-1);
    const ack = typeof last === 'function' ? (last as (answer: unknown) => void) : () => undefined;
    let status: 'ok' | 'rejected' | 'error' = 'rejected';
    const { around = justRun } = this.parts;
    await around({ command, sessionId: session.id, playerId, traceparent }, async () => {
      try {
        const answer = limits.check(name) ?? (await this.execute(socket, name, args[0]));
        if (answer.ok) status = 'ok';
        else if (answer.code === 'STORAGE_UNAVAILABLE' || answer.code === 'INTERNAL') status = 'error';
        ack(answer);
        return answer;
      } catch (error) {
        status = 'error';
        this.parts.onFault(error);
        const refusal = toRefusal(error);
        ack(refusal);
        return refusal;
      }
    });
    this.parts.onCommand(command, status, (performance.now() - startedAt) / 1_000);
  }

  private async execute(socket: CommandSocket, name: string, payload: unknown) {
    const command = parseCommand(name, typeof payload === 'function' ? {} : payload);
    return 'ok' in command ? command : socket.data.session.execute(socket.data.playerId, command);
  }

  /** Closes the channel; the HTTP server stays. */
  close(): void {
    this.io.disconnectSockets(true);
    this.io.engine.close();
  }
}
