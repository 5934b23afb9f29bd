import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import { refuse, toRefusal, type Refusal } from '../../sessions/errors.ts';
import { LIMITS } from '../../sessions/limits.ts';
import { CLOSE } from '../../sessions/wire-constants.ts';
import type { Sessions } from '../../sessions/sessions.ts';
import type { Tickets } from '../tickets.ts';
import { CollabConnection } from './collab-connection.ts';
import { isOwnOrigin } from './origin.ts';

export interface CollabParts {
  sessions: Sessions;
  tickets: Tickets;
  publicUrl: string | null;
  limits: { editsPerSecond: number; editBurst: number };
  onBytes: (direction: 'in' | 'out', bytes: number) => void;
  /** A socket was turned away or closed for a reason of ours. */
  onRefused: (code: string) => void;
}

interface Address {
  sessionId: string;
  document: string;
  ticket: string;
  wantsAcks: boolean;
}

const PATH = /^\/collab\/([0-9a-z]{1,40})\/(story|draft-[0-9a-z]{1,40})$/;

function parseAddress(url: string | undefined): Address | null {
  const { pathname, searchParams } = new URL(url ?? '/', 'http://localhost');
  const match = PATH.exec(pathname);
  if (match?.[1] === undefined || match[2] === undefined) return null;
  return {
    sessionId: match[1],
    document: match[2],
    ticket: searchParams.get('ticket') ?? '',
    wantsAcks: searchParams.get('acks') === '1',
  };
}

/** The close code that tells a stock client what to do after a refusal. */
function closeCodeOf(refusal: Refusal): number {
  switch (refusal.code) {
    case 'TICKET_INVALID':
      return CLOSE.ticketInvalid;
    case 'DRAFT_UNKNOWN':
    case 'SESSION_UNKNOWN':
    case 'NOT_FOUND':
      return CLOSE.documentUnknown;
    case 'DRAFT_FORBIDDEN':
    case 'PLAYER_REMOVED':
      return CLOSE.forbidden;
    default:
      return CLOSE.restart;
  }
}

/**
 * The document sockets, `/collab/<session>/story` and `/collab/<session>/draft-<id>`: the y-websocket protocol
 * on raw `ws`. Refusals come as close codes (`CLOSE`), since browsers hide the status of a failed upgrade.
 */
export class CollabEndpoint {
  private readonly parts: CollabParts;
  private readonly server = new WebSocketServer({
    noServer: true,
    maxPayload: LIMITS.frameBytes,
    perMessageDeflate: false,
    clientTracking: true,
  });

  constructor(parts: CollabParts) {
    this.parts = parts;
  }

  /** Whether an upgrade request is for this endpoint. */
  handles(request: IncomingMessage): boolean {
    return request.url?.startsWith('/collab/') === true;
  }

  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => socket.destroy());
    if (!isOwnOrigin(request, this.parts.publicUrl)) {
      this.parts.onRefused('BAD_ORIGIN');
      socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n');
      return;
    }
    this.server.handleUpgrade(request, socket, head, (ws) => {
      ws.on('error', () => ws.terminate());
      // Nothing is read before we know who it is.
      ws.pause();
      void this.admit(ws, socket, parseAddress(request.url));
    });
  }

  private async admit(ws: WebSocket, stream: Duplex, address: Address | null): Promise<void> {
    const refusal =
      address === null ? refuse('NOT_FOUND') : await this.connect(ws, stream, address).catch(toRefusal);
    ws.resume();
    if (refusal === null) return;
    this.parts.onRefused(refusal.code);
    ws.close(closeCodeOf(refusal), `${refusal.code}: ${refusal.message}`.slice(0, 120));
    setTimeout(() => ws.terminate(), 2_000).unref();
  }

  private async connect(ws: WebSocket, stream: Duplex, address: Address): Promise<Refusal | null> {
    const { sessions, tickets, limits, onBytes } = this.parts;
    const claims = await tickets.verify(address.ticket);
    if (claims === null || claims.sessionId !== address.sessionId) return refuse('TICKET_INVALID');
    const session = await sessions.open(address.sessionId);
    if (ws.readyState !== ws.OPEN) return null;
    const { documents } = session;
    const connection: CollabConnection = new CollabConnection(ws, stream, {
      id: randomUUID(),
      playerId: claims.playerId,
      wantsAcks: address.wantsAcks,
      ...limits,
      onFrame: (frame) => documents.receive(address.document, connection, frame),
      onDrained: () => documents.drained(address.document, connection),
      onClosed: () => documents.leave(address.document, connection),
      onBytes,
    });
    const joined = documents.join(address.document, connection);
    if (joined.ok) return null;
    connection.close(closeCodeOf(joined), joined);
    this.parts.onRefused(joined.code);
    return null;
  }

  /** Drops whatever is still connected; sessions have said good-bye before. */
  close(): void {
    for (const ws of this.server.clients) ws.terminate();
    this.server.close();
  }
}
