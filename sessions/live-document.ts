import * as Y from 'yjs';
import { Cursors } from './cursors.ts';
import type { DocumentPeer } from './peers.ts';
import { encodeAck, encodeCursors, encodeSyncReply, encodeSyncRequest, encodeUpdate } from './wire.ts';

interface PendingUpdate {
  /** Who sent it and does not get it back; null: the server. */
  peerId: string | null;
  update: Uint8Array;
  /** Arrival, epoch ms. */
  at: number;
}

/** What somebody has of a document: client id -> clock. */
type StateVector = Map<number, number>;

/** What is in both. */
function commonVector(one: StateVector, other: StateVector): StateVector {
  const shared = [...one].filter(([client]) => other.has(client));
  return new Map(shared.map(([client, clock]) => [client, Math.min(clock, other.get(client) ?? 0)]));
}

/** What a document has to send once a batch is durable. */
export interface Outgoing {
  /** Sends it all. */
  send: () => void;
  /** Arrival times of the updates in it, epoch ms. */
  arrivals: number[];
}

/**
 * One document while the session is in memory: the Y.Doc, who is connected to it, their cursors, and what has
 * to go out with the next batch. It sends nothing by itself: `take` is called when a batch is closed.
 */
export class LiveDocument {
  readonly name: string;
  readonly doc: Y.Doc;
  readonly cursors = new Cursors();
  private readonly peers = new Map<string, DocumentPeer>();
  private readonly received = new Map<string, number>();
  private updates: PendingUpdate[] = [];
  private replies: (() => void)[] = [];
  /** Peers that wait for an answer to their sync requests, and what they have: one answer for all of them. */
  private readonly wanted = new Map<string, StateVector>();
  private unacked = new Set<string>();
  /** Slow peers: per Yjs client, from which clock on they were sent nothing. */
  private readonly missed = new Map<string, Map<number, number>>();

  constructor(name: string, doc: Y.Doc) {
    this.name = name;
    this.doc = doc;
  }

  /** Adds a peer; it is asked for what it has, and gets updates from the next batch on. */
  join(peer: DocumentPeer): void {
    this.peers.set(peer.id, peer);
    this.received.set(peer.id, 0);
    const request = encodeSyncRequest(Y.encodeStateVector(this.doc));
    const cursors = this.cursors.encodeAll();
    this.replies.push(() => peer.send(request, ...(cursors === null ? [] : [encodeCursors(cursors)])));
  }

  /** Removes a peer and its cursor. */
  leave(peerId: string): void {
    this.peers.delete(peerId);
    this.received.delete(peerId);
    this.unacked.delete(peerId);
    this.missed.delete(peerId);
    this.wanted.delete(peerId);
    this.cursors.leave(peerId);
  }

  connected(): Iterable<DocumentPeer> {
    return this.peers.values();
  }

  get peerCount(): number {
    return this.peers.size;
  }

  /**
   * Answers a sync request with the batch in which everything known now becomes durable; a slow peer's once it
   * reads again. However often a peer asks, it has one answer coming. Throws when the vector is none.
   */
  reply(peer: DocumentPeer, stateVector: Uint8Array): void {
    this.want(peer, Y.decodeStateVector(stateVector));
  }

  private want(peer: DocumentPeer, vector: StateVector): void {
    const wanted = this.wanted.get(peer.id);
    this.wanted.set(peer.id, wanted === undefined ? vector : commonVector(wanted, vector));
  }

  private takeAnswers(): (() => void)[] {
    const answers: (() => void)[] = [];
    for (const [id, vector] of this.wanted) {
      const peer = this.peers.get(id);
      if (peer?.isSlow === true) continue;
      this.wanted.delete(id);
      const answer = encodeSyncReply(Y.encodeStateAsUpdate(this.doc, Y.encodeStateVector(vector)));
      answers.push(() => this.peers.get(id)?.send(answer));
    }
    return answers;
  }

  /** Sends a peer everybody's cursors. */
  replyCursors(peer: DocumentPeer): void {
    const payload = this.cursors.encodeAll();
    if (payload !== null) this.replies.push(() => peer.send(encodeCursors(payload)));
  }

  /** Notes an update that is in the document now, for fan-out with the next batch. */
  spread(update: Uint8Array, peerId: string | null, at: number): void {
    this.updates.push({ peerId, update, at });
  }

  /** Counts sync messages of a peer; they are acked with the batch. */
  countReceived(peer: DocumentPeer, count = 1): void {
    if (!this.peers.has(peer.id)) return;
    this.received.set(peer.id, (this.received.get(peer.id) ?? 0) + count);
    if (peer.wantsAcks) this.unacked.add(peer.id);
  }

  /** A slow peer reads again: it gets, in one piece, what it was not sent. */
  catchUp(peer: DocumentPeer): void {
    const missed = this.missed.get(peer.id);
    if (missed === undefined) return;
    this.missed.delete(peer.id);
    const vector = Y.decodeStateVector(Y.encodeStateVector(this.doc));
    for (const [client, clock] of missed) vector.set(client, Math.min(clock, vector.get(client) ?? 0));
    this.want(peer, vector);
    this.replyCursors(peer);
  }

  /** Notes for a slow peer, which gets no updates, where its knowledge ends. */
  private noteMissed(peer: DocumentPeer, updates: readonly PendingUpdate[]): void {
    if (updates.length === 0) return;
    const missed = this.missed.get(peer.id) ?? new Map<number, number>();
    this.missed.set(peer.id, missed);
    for (const { update } of updates) {
      for (const [client, clock] of Y.parseUpdateMeta(update).from) {
        missed.set(client, Math.min(clock, missed.get(client) ?? clock));
      }
    }
  }

  hasOutgoing(): boolean {
    return this.updates.length > 0 || this.replies.length > 0 || this.unacked.size > 0;
  }

  /** Closes the batch: what has gathered, encoded once, to be sent when it is durable. Null: nothing. */
  take(): Outgoing | null {
    const cursors = this.cursors.takeChanges();
    const answers = this.takeAnswers();
    if (!this.hasOutgoing() && answers.length === 0 && cursors === null) return null;
    const { updates } = this;
    const replies = [...this.replies, ...answers];
    const acks = new Map([...this.unacked].map((id) => [id, encodeAck(this.received.get(id) ?? 0)]));
    this.updates = [];
    this.replies = [];
    this.unacked = new Set();
    const cursorFrame = cursors === null ? null : encodeCursors(cursors);
    const framesFor = fanOut(updates);
    const send = () => {
      for (const reply of replies) reply();
      for (const peer of this.peers.values()) {
        const frames: Uint8Array[] = [];
        if (peer.isSlow) this.noteMissed(peer, updates);
        else frames.push(...framesFor(peer.id));
        if (cursorFrame !== null && !peer.isSlow) frames.push(cursorFrame);
        const ack = acks.get(peer.id);
        if (ack !== undefined) frames.push(ack);
        if (frames.length > 0) peer.send(...frames);
      }
    };
    return { send, arrivals: updates.map((update) => update.at) };
  }
}

/** Up to so many updates of a batch travel one by one: merging them would cost more than it saves. */
const MERGE_ABOVE = 8;

/**
 * The update frames each peer gets: those of the batch without the peer's own; many are merged into one. Each
 * frame is encoded once, and those who sent nothing share one list.
 */
function fanOut(updates: readonly PendingUpdate[]): (peerId: string) => readonly Uint8Array[] {
  if (updates.length === 0) return () => [];
  const isMany = updates.length > MERGE_ABOVE;
  const encoded = isMany ? [] : updates.map((entry) => encodeUpdate(entry.update));
  const framesOf = (list: readonly PendingUpdate[]): readonly Uint8Array[] => {
    if (list.length === 0) return [];
    if (isMany) return [encodeUpdate(Y.mergeUpdates(list.map((entry) => entry.update)))];
    return list === updates
      ? encoded
      : encoded.filter((_frame, index) => list.includes(updates[index] as PendingUpdate));
  };
  const senders = new Set(updates.map((entry) => entry.peerId));
  let shared: readonly Uint8Array[] | null = null;
  return (peerId) => {
    if (senders.has(peerId)) return framesOf(updates.filter((entry) => entry.peerId !== peerId));
    shared ??= framesOf(updates);
    return shared;
  };
}
