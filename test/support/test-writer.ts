import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import * as awarenessProtocol from 'y-protocols/awareness';
import * as syncProtocol from 'y-protocols/sync';
import * as Y from 'yjs';
import type { Refusal } from '../../sessions/errors.ts';
import type { DocumentPeer } from '../../sessions/peers.ts';
import { ACK_MESSAGE_TYPE } from '../../sessions/wire-constants.ts';
import type { Session } from '../../sessions/session.ts';
import { DRAFT_TEXT } from '../../sessions/story-shape.ts';

let connections = 0;

class Connection implements DocumentPeer {
  readonly id = `document-${(connections += 1)}`;
  readonly playerId: string;
  readonly wantsAcks = true;
  isSlow = false;
  isOpen = true;
  readonly session: Session;
  readonly toServer: Uint8Array[] = [];
  readonly toClient: Uint8Array[] = [];
  /** Own clock after each sync message on this connection; 0 while the server may lack what was typed before. */
  readonly sentClocks: number[] = [];
  /** The server's sync request was answered: from here on it has all that was typed before. */
  hasAnswered = false;
  private readonly onClosed: (code: number) => void;
  private readonly document: string;

  constructor(of: {
    session: Session;
    playerId: string;
    document: string;
    onClosed: (code: number) => void;
  }) {
    this.session = of.session;
    this.playerId = of.playerId;
    this.document = of.document;
    this.onClosed = of.onClosed;
  }

  send(...frames: Uint8Array[]): void {
    if (this.isOpen) this.toClient.push(...frames.map((frame) => frame.slice()));
  }

  close(code: number, _refusal: Refusal): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.session.documents.leave(this.document, this);
    this.onClosed(code);
  }
}

const nobody: Refusal = { ok: false, code: 'INTERNAL', message: '', detail: null, retryAfterMs: null };

/**
 * One document of one player in one browser, over the real y-websocket protocol (y-protocols): frames wait on
 * both ways until they are delivered, in order; what waits is lost when the connection is, the document stays.
 */
export class TestWriter {
  readonly playerId: string;
  readonly document: string;
  doc = new Y.Doc();
  awareness = new awarenessProtocol.Awareness(this.doc);
  connection: Connection | null = null;
  /** Close code of the last connection that the server closed. */
  closedWith: number | null = null;
  /** Own clock up to which the server says that it is durable. */
  ackedClock = 0;
  isSynced = false;
  /** It has had the document once, so that people can write in it, also offline. */
  wasSynced = false;

  constructor(playerId: string, document: string) {
    this.playerId = playerId;
    this.document = document;
    this.attach();
  }

  private attach(): void {
    clearInterval((this.awareness as unknown as { _checkInterval: NodeJS.Timeout })._checkInterval);
    const { doc, awareness } = this;
    doc.on('update', (update: Uint8Array, origin: unknown) => {
      if (origin === this) return;
      this.sendSync((encoder) => syncProtocol.writeUpdate(encoder, update));
    });
    // As y-websocket does: every change goes out, also what was just heard from others.
    awareness.on('update', (changes: { added: number[]; updated: number[]; removed: number[] }) => {
      this.sendAwareness([...changes.added, ...changes.updated, ...changes.removed]);
    });
  }

  get text(): Y.Text {
    return this.doc.getText(DRAFT_TEXT);
  }

  get string(): string {
    return this.text.toJSON();
  }

  get isConnected(): boolean {
    return this.connection !== null;
  }

  /** Starts anew with an empty document, as a client does that was refused. */
  reset(): void {
    this.awareness.destroy();
    this.doc = new Y.Doc();
    this.awareness = new awarenessProtocol.Awareness(this.doc);
    this.ackedClock = 0;
    this.wasSynced = false;
    this.attach();
  }

  connect(session: Session): this {
    const connection = new Connection({
      session,
      playerId: this.playerId,
      document: this.document,
      onClosed: (code) => {
        this.closedWith = code;
        if (this.connection === connection) this.connection = null;
      },
    });
    this.isSynced = false;
    this.closedWith = null;
    const joined = session.documents.join(this.document, connection);
    if (!joined.ok) {
      this.closedWith = joined.code === 'DRAFT_UNKNOWN' ? 4404 : 4403;
      return this;
    }
    this.connection = connection;
    this.sendSync((encoder) => syncProtocol.writeSyncStep1(encoder, this.doc), false);
    if (this.awareness.getLocalState() !== null) this.sendAwareness([this.doc.clientID]);
    return this;
  }

  /** The line breaks: what is on its way in either direction is lost. */
  disconnect(): void {
    const { connection } = this;
    this.connection = null;
    connection?.close(1_006, nobody);
    this.closedWith = null;
    const others = [...this.awareness.getStates().keys()].filter((id) => id !== this.doc.clientID);
    awarenessProtocol.removeAwarenessStates(this.awareness, others, this);
  }

  /** The line gets slow, or has taken all that waited. */
  setSlow(isSlow: boolean): void {
    const { connection } = this;
    if (connection === null || connection.isSlow === isSlow) return;
    connection.isSlow = isSlow;
    if (!isSlow) connection.session.documents.drained(this.document, connection);
  }

  type(at: number, text: string): void {
    this.text.insert(Math.min(at, this.text.length), text);
  }

  erase(at: number, length: number): void {
    const from = Math.min(at, this.text.length);
    this.text.delete(from, Math.min(length, this.text.length - from));
  }

  point(at: number): void {
    this.awareness.setLocalStateField('cursor', { at });
  }

  /** Hands up to `count` waiting frames to the server. */
  deliverOut(count = Infinity): void {
    const { connection } = this;
    for (let left = count; left > 0 && connection?.isOpen === true; left -= 1) {
      const frame = connection.toServer.shift();
      if (frame === undefined) return;
      connection.session.documents.receive(this.document, connection, frame);
    }
  }

  /** Reads up to `count` waiting frames of the server. */
  deliverIn(count = Infinity): void {
    const { connection } = this;
    for (let left = count; left > 0 && connection !== null; left -= 1) {
      const frame = connection.toClient.shift();
      if (frame === undefined) return;
      this.read(frame, connection);
    }
  }

  private read(frame: Uint8Array, connection: Connection): void {
    const decoder = decoding.createDecoder(frame);
    const type = decoding.readVarUint(decoder);
    if (type === ACK_MESSAGE_TYPE) {
      const count = decoding.readVarUint(decoder);
      this.ackedClock = Math.max(this.ackedClock, connection.sentClocks[count - 1] ?? 0);
    } else if (type === 1) {
      const payload = decoding.readVarUint8Array(decoder);
      awarenessProtocol.applyAwarenessUpdate(this.awareness, payload, this);
    } else if (type === 0) {
      this.readSync(decoder, frame);
    } else throw new Error(`The server sent a message of type ${type}.`);
  }

  private readSync(decoder: decoding.Decoder, frame: Uint8Array): void {
    const step = frame[1];
    const answer = encoding.createEncoder();
    syncProtocol.readSyncMessage(decoder, answer, this.doc, this, (error) => {
      throw error;
    });
    if (step === syncProtocol.messageYjsSyncStep2) this.isSynced = this.wasSynced = true;
    if (encoding.length(answer) === 0) return;
    const body = encoding.toUint8Array(answer);
    if (this.connection !== null) this.connection.hasAnswered = true;
    this.sendSync((encoder) => encoding.writeUint8Array(encoder, body));
  }

  private sendSync(write: (encoder: encoding.Encoder) => void, isCounted = true): void {
    const { connection } = this;
    if (connection === null) return;
    connection.toServer.push(
      encoding.encode((encoder) => {
        encoding.writeVarUint(encoder, 0);
        write(encoder);
      }),
    );
    const clock = connection.hasAnswered ? Y.getState(this.doc.store, this.doc.clientID) : 0;
    if (isCounted) connection.sentClocks.push(clock);
  }

  private sendAwareness(clients: number[]): void {
    this.connection?.toServer.push(
      encoding.encode((encoder) => {
        encoding.writeVarUint(encoder, 1);
        const payload = awarenessProtocol.encodeAwarenessUpdate(this.awareness, clients);
        encoding.writeVarUint8Array(encoder, payload);
      }),
    );
  }

  /** Sends any bytes at all, past the client's own code. */
  sendRaw(frame: Uint8Array): void {
    this.connection?.toServer.push(frame);
    this.deliverOut();
  }

  /** Sends an update as the client's provider would. */
  sendUpdate(update: Uint8Array): void {
    this.sendRaw(
      encoding.encode((encoder) => {
        encoding.writeVarUint(encoder, 0);
        syncProtocol.writeUpdate(encoder, update);
      }),
    );
  }
}
