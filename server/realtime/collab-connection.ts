import { WebSocket, type RawData } from 'ws';
import type { Refusal } from '../../sessions/errors.ts';
import type { DocumentPeer } from '../../sessions/peers.ts';
import { CLOSE } from '../../sessions/protocol.ts';
import { TokenBucket } from './token-bucket.ts';

/** Waiting bytes at which a peer counts as slow and gets no more updates until it has read them. */
const SOFT_BYTES = 1024 * 1024;
/** Waiting bytes at which a peer is closed. */
const HARD_BYTES = 8 * 1024 * 1024;
const HEARTBEAT_MS = 30_000;
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

/** One document socket: heartbeat, byte budget and edit rate around a `ws` connection. */
export class CollabConnection implements DocumentPeer {
  readonly id: string;
  readonly playerId: string;
  readonly wantsAcks: boolean;
  private readonly socket: WebSocket;
  private readonly options: ConnectionOptions;
  private readonly bucket: TokenBucket;
  private readonly heartbeat: NodeJS.Timeout;
  private pauseTimer: NodeJS.Timeout | null = null;
  private isAlive = true;
  private isClosed = false;
  isSlow = false;

  constructor(socket: WebSocket, options: ConnectionOptions) {
    this.socket = socket;
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

  send(frame: Uint8Array): void {
    if (this.isClosed || this.socket.readyState !== WebSocket.OPEN) return;
    this.options.onBytes('out', frame.length);
    this.socket.send(frame, this.afterSend);
    const waiting = this.socket.bufferedAmount;
    if (waiting > SOFT_BYTES) this.isSlow = true;
    if (waiting > HARD_BYTES) {
      this.socket.close(CLOSE.tooSlow, 'Too much is waiting for this connection.');
      this.socket.terminate();
    }
  }

  private readonly afterSend = (): void => {
    if (!this.isSlow || this.isClosed || this.socket.bufferedAmount > SOFT_BYTES / 2) return;
    this.isSlow = false;
    this.options.onDrained();
  };

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
