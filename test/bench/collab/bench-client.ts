import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import { WebSocket } from 'ws';
import * as awarenessProtocol from 'y-protocols/awareness';
import * as syncProtocol from 'y-protocols/sync';
import * as Y from 'yjs';
import type { Wire } from './backend.ts';

const MESSAGE_SYNC = 0;
const MESSAGE_AWARENESS = 1;
const MESSAGE_QUERY_AWARENESS = 3;
const CONNECT_TIMEOUT_MS = 20_000;

/**
 * A client with a real Y.Doc that speaks the y-websocket protocol as the stock provider does (first sync step,
 * presence at the start and its renewals), without reconnecting: a lost connection is an error here.
 */
export class BenchClient {
  readonly doc = new Y.Doc();
  readonly text = this.doc.getText('text');
  /** Why the connection ended though nobody closed it. */
  failure: string | null = null;
  private isSynced = false;
  private isClosing = false;
  private readonly awareness = new awarenessProtocol.Awareness(this.doc);
  private readonly wire: Wire;
  private readonly socket: WebSocket;
  private onSynced: () => void = () => undefined;
  private onFailed: (error: Error) => void = () => undefined;

  private constructor(wire: Wire) {
    this.wire = wire;
    this.socket = new WebSocket(wire.url, { headers: wire.headers ?? {} });
    this.socket.binaryType = 'nodebuffer';
    this.socket.on('open', () => this.begin());
    this.socket.on('message', (data: Buffer) => this.receive(data));
    this.socket.on('error', (error) => this.fail(error.message));
    this.socket.on('close', (code, reason) => {
      if (!this.isClosing) this.fail(`closed with ${code} ${reason.toString()}`);
    });
    this.doc.on('update', (update: Uint8Array, origin: unknown) => {
      if (origin === this) return;
      this.sendMessage(MESSAGE_SYNC, (encoder) => syncProtocol.writeUpdate(encoder, update));
    });
    this.awareness.on('update', (_changes: unknown, origin: unknown) => {
      if (origin === 'local' && this.isSynced) this.sendPresence();
    });
  }

  /** A client that has received the document's state. */
  static async connect(wire: Wire): Promise<BenchClient> {
    const client = new BenchClient(wire);
    let timer: NodeJS.Timeout | undefined;
    try {
      await new Promise<void>((resolve, reject) => {
        client.onSynced = resolve;
        client.onFailed = reject;
        timer = setTimeout(() => reject(new Error('not synced in time')), CONNECT_TIMEOUT_MS);
      });
    } catch (error) {
      await client.close();
      throw error;
    } finally {
      clearTimeout(timer);
    }
    return client;
  }

  /** Bytes received and sent on the connection, web socket framing included. */
  bytes(): { received: number; sent: number } {
    const { _socket: raw } = this.socket as unknown as {
      _socket: { bytesRead: number; bytesWritten: number } | null;
    };
    return { received: raw?.bytesRead ?? 0, sent: raw?.bytesWritten ?? 0 };
  }

  /** Leave; ends when the connection is down. */
  async close(): Promise<void> {
    this.isClosing = true;
    if (this.socket.readyState !== WebSocket.CLOSED) {
      const closed = new Promise((resolve) => this.socket.once('close', resolve));
      this.socket.close();
      await closed;
    }
    this.awareness.destroy();
    this.doc.destroy();
  }

  private fail(reason: string): void {
    this.failure ??= reason;
    this.onFailed(new Error(reason));
  }

  private begin(): void {
    for (const greeting of this.wire.greetings) this.socket.send(greeting);
    this.sendMessage(MESSAGE_SYNC, (encoder) => syncProtocol.writeSyncStep1(encoder, this.doc));
    this.awareness.setLocalStateField('user', { name: `writer ${this.doc.clientID}` });
    this.sendPresence();
  }

  private receive(data: Buffer): void {
    const decoder = decoding.createDecoder(this.wire.unframe(data));
    switch (decoding.readVarUint(decoder)) {
      case MESSAGE_SYNC: {
        const reply = encoding.createEncoder();
        encoding.writeVarUint(reply, MESSAGE_SYNC);
        const step = syncProtocol.readSyncMessage(decoder, reply, this.doc, this);
        if (encoding.length(reply) > 1) this.socket.send(this.wire.frame(encoding.toUint8Array(reply)));
        if (step === syncProtocol.messageYjsSyncStep2 && !this.isSynced) {
          this.isSynced = true;
          this.onSynced();
        }
        break;
      }
      case MESSAGE_AWARENESS:
        awarenessProtocol.applyAwarenessUpdate(this.awareness, decoding.readVarUint8Array(decoder), this);
        break;
      case MESSAGE_QUERY_AWARENESS:
        this.sendPresence();
        break;
      // Acknowledgements and the like: received and counted as bytes, of no consequence here.
    }
  }

  private sendPresence(): void {
    const update = awarenessProtocol.encodeAwarenessUpdate(this.awareness, [this.doc.clientID]);
    this.sendMessage(MESSAGE_AWARENESS, (encoder) => encoding.writeVarUint8Array(encoder, update));
  }

  private sendMessage(type: number, write: (encoder: encoding.Encoder) => void): void {
    if (this.socket.readyState !== WebSocket.OPEN) return;
    const encoder = encoding.createEncoder();
    encoding.writeVarUint(encoder, type);
    write(encoder);
    this.socket.send(this.wire.frame(encoding.toUint8Array(encoder)));
  }
}
