import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import { WebSocket } from 'ws';
import * as Y from 'yjs';
import { ACK_MESSAGE_TYPE } from '../../sessions/wire-constants.ts';
import type { TestPlayer } from './player.ts';
import { until } from './wait.ts';

const SYNC = 0;
const AWARENESS = 1;

/** A sync message as the y-websocket protocol frames it: step 0 asks, 1 answers, 2 tells an update. */
export function syncFrame(step: number, body: Uint8Array): Uint8Array {
  return encoding.encode((encoder) => {
    encoding.writeVarUint(encoder, SYNC);
    encoding.writeVarUint(encoder, step);
    encoding.writeVarUint8Array(encoder, body);
  });
}

/** An awareness message with the given states. */
export function cursorFrame(
  states: readonly { clientId: number; clock: number; state: unknown }[],
): Uint8Array {
  const payload = encoding.encode((encoder) => {
    encoding.writeVarUint(encoder, states.length);
    for (const { clientId, clock, state } of states) {
      encoding.writeVarUint(encoder, clientId);
      encoding.writeVarUint(encoder, clock);
      encoding.writeVarString(encoder, JSON.stringify(state));
    }
  });
  return encoding.encode((encoder) => {
    encoding.writeVarUint(encoder, AWARENESS);
    encoding.writeVarUint8Array(encoder, payload);
  });
}

/** What a change to an empty copy of `from` encodes to: the update a client with that id would send. */
export function updateBy(clientId: number, change: (doc: Y.Doc) => void, from?: Y.Doc): Uint8Array {
  const doc = new Y.Doc();
  if (from !== undefined) Y.applyUpdate(doc, Y.encodeStateAsUpdate(from));
  doc.clientID = clientId;
  let update: Uint8Array = new Uint8Array(0);
  doc.on('update', (bytes: Uint8Array) => {
    update = bytes;
  });
  doc.transact(() => change(doc));
  return update;
}

/**
 * A document socket without a provider: sends any bytes, and keeps every frame that comes, the document they
 * make, the newest ack and how it was closed.
 */
export class RawDocument {
  readonly socket: WebSocket;
  /** Frames as they came. */
  readonly frames: Uint8Array[] = [];
  /** What all sync messages so far add up to. */
  readonly doc = new Y.Doc();
  /** Awareness states heard, newest last: client id, clock and JSON. */
  readonly cursors: { clientId: number; clock: number; state: unknown }[] = [];
  /** Sync messages of this connection that are durable, by the newest ack. */
  acked = 0;
  /** Acks that came. */
  acks = 0;
  isSynced = false;
  closed: { code: number; reason: string } | null = null;
  /** Status of a refused upgrade. */
  status: number | null = null;

  constructor(url: string, headers: Record<string, string> = {}) {
    this.socket = new WebSocket(url, { headers, perMessageDeflate: false });
    this.socket.binaryType = 'nodebuffer';
    this.socket.on('message', (data: Buffer) => this.read(new Uint8Array(data)));
    this.socket.on('error', () => undefined);
    this.socket.on('unexpected-response', (_request, response) => {
      this.status = response.statusCode ?? 0;
      this.socket.terminate();
    });
    this.socket.on('close', (code, reason) => {
      this.closed = { code, reason: reason.toString() };
    });
  }

  /** Opens a document as a player; resolves when it has the server's state. */
  static async open(player: TestPlayer, name: string, query = ''): Promise<RawDocument> {
    const raw = new RawDocument(addressOf(player, name, query));
    await until(`opening of ${name}`, () => raw.socket.readyState === WebSocket.OPEN || raw.closed);
    raw.send(syncFrame(0, Y.encodeStateVector(raw.doc)));
    await until(`sync of ${name}`, () => raw.isSynced || raw.closed);
    return raw;
  }

  get text(): string {
    return this.doc.getText('text').toJSON();
  }

  send(frame: Uint8Array | string): void {
    this.socket.send(frame);
  }

  sendUpdate(update: Uint8Array): void {
    this.send(syncFrame(2, update));
  }

  /** Types at the end, under a client id, and sends that. */
  type(clientId: number, text: string): void {
    const update = updateBy(
      clientId,
      (doc) => doc.getText('text').insert(doc.getText('text').length, text),
      this.doc,
    );
    Y.applyUpdate(this.doc, update);
    this.sendUpdate(update);
  }

  /** Resolves with the close code once the socket is closed. */
  async closing(): Promise<number> {
    return (await until('closing of the socket', () => this.closed)).code;
  }

  private read(frame: Uint8Array): void {
    this.frames.push(frame);
    const decoder = decoding.createDecoder(frame);
    const type = decoding.readVarUint(decoder);
    if (type === SYNC) {
      const step = decoding.readVarUint(decoder);
      const body = decoding.readVarUint8Array(decoder);
      if (step > 0) Y.applyUpdate(this.doc, body);
      if (step === 1) this.isSynced = true;
    } else if (type === ACK_MESSAGE_TYPE) {
      this.acks += 1;
      this.acked = decoding.readVarUint(decoder);
    } else if (type === AWARENESS) {
      this.readCursors(decoding.createDecoder(decoding.readVarUint8Array(decoder)));
    } else throw new Error(`The server sent a message of type ${type}.`);
  }

  private readCursors(decoder: decoding.Decoder): void {
    for (let left = decoding.readVarUint(decoder); left > 0; left -= 1) {
      const clientId = decoding.readVarUint(decoder);
      const clock = decoding.readVarUint(decoder);
      this.cursors.push({ clientId, clock, state: JSON.parse(decoding.readVarString(decoder)) });
    }
  }
}

/** Address of a document's socket for a player. */
export function addressOf(player: TestPlayer, name: string, query = ''): string {
  const base = player.url.replace('http', 'ws');
  return `${base}/collab/${player.sessionId}/${name}?ticket=${player.ticket}${query}`;
}
