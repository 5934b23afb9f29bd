import type { Duplex } from 'node:stream';
import { WebSocket, type RawData } from 'ws';
import type { Refusal } from '../../sessions/errors.ts';
import type { DocumentPeer } from '../../sessions/peers.ts';
import { CLOSE } from '../../sessions/wire-constants.ts';
import { encodeCursors } from '../../sessions/wire.ts';
import { binaryFrames } from './binary-frame.ts';
import { TokenBucket } from './token-bucket.ts';

/** Waiting bytes at which a peer counts as slow and gets no more updates until it has read them. */
const SOFT_BYTES = 1024 * 1024;
/** Waiting bytes at which a peer that is to be sent yet more is closed. */
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
  private waiting: Uint8Array[] = [];
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
    socket.on('close', () => this.left());
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
    // What was read before the pause still comes, up to one read of the socket: it waits its turn.
    if (this.pauseTimer !== null) this.waiting.push(frame);
    else this.take(frame);
  }

  /** Too fast: the frame is taken, the next one only when the bucket has a token again. TCP holds the rest back. */
  private take(frame: Uint8Array): void {
    this.options.onFrame(frame);
    const waitMs = this.bucket.take(performance.now());
    if (waitMs === 0 || this.isClosed) return;
    this.socket.pause();
    this.pauseTimer = setTimeout(() => this.goOn(), waitMs);
  }

  private goOn(): void {
    this.pauseTimer = null;
    this.bucket.take(performance.now());
    while (this.pauseTimer === null && !this.isClosed) {
      const frame = this.waiting.shift();
      if (frame === undefined) return this.socket.resume();
      this.take(frame);
    }
  }

  /** The peer has gone. What it typed before, and only waited for its turn, counts. */
  private left(): void {
    for (const frame of this.waiting) if (!this.isClosed) this.options.onFrame(frame);
    this.closed();
  }

  send(...payloads: Uint8Array[]): void {
    if (this.isClosed || this.socket.readyState !== WebSocket.OPEN) return;
    // Judged before anything new is added: a whole story may be larger than what may wait.
    if (this.stream.writableLength > HARD_BYTES) return this.giveUp();
    this.isQuiet = false;
    const frames = binaryFrames(payloads);
    this.options.onBytes('out', frames.length);
    this.stream.write(frames);
    if (this.stream.writableLength > SOFT_BYTES && !this.isSlow) this.becomeSlow();
  }

  private becomeSlow(): void {
    this.isSlow = true;
    this.stream.once('drain', () => {
      this.isSlow = false;
      if (!this.isClosed) this.options.onDrained();
    });
  }

  private giveUp(): void {
    this.socket.close(CLOSE.tooSlow, 'Too much is waiting for this connection.');
    this.socket.terminate();
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
    this.waiting = [];
    this.options.onClosed();
  }
}
