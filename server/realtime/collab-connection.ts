import type { Duplex } from 'node:stream';
import { WebSocket, type RawData } from 'ws';
import type { Refusal } from '../../sessions/errors.ts';
import type { DocumentPeer } from '../../sessions/peers.ts';
import { CLOSE } from '../../sessions/protocol.ts';
import { encodeCursors } from '../../sessions/wire.ts';
import { binaryFrame } from './binary-frame.ts';
import { TokenBucket } from './token-bucket.ts';

/** Waiting bytes at which a peer counts as slow and gets no more updates until it has read them. */
const SOFT_BYTES = 1024 * 1024;
/** Waiting bytes at which a peer is closed. */
const HARD_BYTES = 8 * 1024 * 1024;
const HEARTBEAT_MS = 15_000;
/** Cursors of nobody: stock clients give a connection up that brings no message for 30 s. */
const KEEP_ALIVE = encodeCursors(Uint8Array.of(0));
/** A close reason may have 123 bytes. */
const REASON_BYTES = 123;

export interface ConnectionOptions {
  id: string;
  playerId: string;
  wantsAcks: boolean;
  editsPerSecond: number;
  editBurst: number;
  onFrame: (frame: Uint8Array) => void;
  onDrained: () => void;
  onClosed: () => void;
  onBytes: (direction: 'in' | 'out', bytes: number) => void;
}

function toBytes(data: RawData): Uint8Array {
  if (Array.isArray(data)) return Buffer.concat(data);
  return data instanceof ArrayBuffer ? new Uint8Array(data) : data;
}

/** The most of a text that fits into a close reason. */
function reasonOf(refusal: Refusal): string {
  let reason = `${refusal.code}: ${refusal.detail ?? refusal.message}`;
  while (Buffer.byteLength(reason) > REASON_BYTES) reason = reason.slice(0, -1);
  return reason;
}

/**
 * One document socket: heartbeat, byte budget and edit rate around a `ws` connection. Frames are written
 * straight to the stream below it: a fan-out frames each update once, not once per peer.
 */
export class CollabConnection implements DocumentPeer {
  readonly id: string;
  readonly playerId: string;
  readonly wantsAcks: boolean;
  private readonly socket: WebSocket;
  private readonly stream: Duplex;
  private readonly options: ConnectionOptions;
  private readonly bucket: TokenBucket;
  private readonly heartbeat: NodeJS.Timeout;
  private pauseTimer: NodeJS.Timeout | null = null;
  private isAlive = true;
  private isQuiet = false;
  private isClosed = false;
  isSlow = false;

  constructor(socket: WebSocket, stream: Duplex, options: ConnectionOptions) {
    this.socket = socket;
    this.stream = stream;
    this.options = options;
    this.id = options.id;
    this.playerId = options.playerId;
    this.wantsAcks = options.wantsAcks;
    this.bucket = new TokenBucket(options.editsPerSecond, options.editBurst, performance.now());
    this.heartbeat = setInterval(() => this.beat(), HEARTBEAT_MS);
    socket.on('message', (data) => this.receive(toBytes(data)));
    socket.on('pong', () => {
      this.isAlive = true;
    });
    socket.on('close', () => this.closed());
  }

  private beat(): void {
    if (!this.isAlive) return this.socket.terminate();
    this.isAlive = false;
    this.socket.ping();
    if (this.isQuiet) this.send(KEEP_ALIVE);
    this.isQuiet = true;
  }

  private receive(frame: Uint8Array): void {
    if (this.isClosed) return;
    this.isAlive = true;
    this.options.onBytes('in', frame.length);
    this.options.onFrame(frame);
    // Too fast: the frame is taken, but the next one is read only when the bucket has a token again. TCP
    // holds the rest back, so that nothing typed is lost to a limit.
    const waitMs = this.bucket.take(performance.now());
    if (waitMs > 0 && !this.isClosed) this.pause(waitMs);
  }

  private pause(waitMs: number): void {
    if (this.pauseTimer !== null) return;
    this.socket.pause();
    this.pauseTimer = setTimeout(() => {
      this.pauseTimer = null;
      this.bucket.take(performance.now());
      this.socket.resume();
    }, waitMs);
  }

  send(...payloads: Uint8Array[]): void {
    if (this.isClosed || this.socket.readyState !== WebSocket.OPEN) return;
    this.isQuiet = false;
    const isSeveral = payloads.length > 1;
    if (isSeveral) this.stream.cork();
    for (const payload of payloads) {
      this.options.onBytes('out', payload.length);
      this.stream.write(binaryFrame(payload));
    }
    if (isSeveral) this.stream.uncork();
    this.checkBudget();
  }

  private checkBudget(): void {
    const waiting = this.stream.writableLength;
    if (waiting > HARD_BYTES) {
      this.socket.close(CLOSE.tooSlow, 'Too much is waiting for this connection.');
      this.socket.terminate();
    } else if (waiting > SOFT_BYTES && !this.isSlow) {
      this.isSlow = true;
      this.stream.once('drain', () => {
        this.isSlow = false;
        if (!this.isClosed) this.options.onDrained();
      });
    }
  }

  close(code: number, refusal: Refusal): void {
    if (this.isClosed) return;
    this.socket.close(code, reasonOf(refusal));
    // A peer that does not answer the closing handshake must not stay connected.
    setTimeout(() => this.socket.terminate(), 2_000).unref();
    this.closed();
  }

  private closed(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    clearInterval(this.heartbeat);
    if (this.pauseTimer !== null) {
      clearTimeout(this.pauseTimer);
      this.socket.resume();
    }
    this.options.onClosed();
  }
}
