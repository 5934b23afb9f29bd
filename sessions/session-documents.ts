import * as Y from 'yjs';
import type { DraftEdit } from './conflict-ledger.ts';
import { draftEdit } from './draft-edits.ts';
import { checkUpdate, type UpdateCheck, type UpdateFault } from './authorship.ts';
import { refuse, type Refusal } from './errors.ts';
import type { DraftWatch } from './draft-watch.ts';
import type { SessionKernel } from './kernel.ts';
import { LIMITS } from './limits.ts';
import type { LiveDocument } from './live-document.ts';
import type { DocumentPeer, SessionObserver } from './peers.ts';
import { CLOSE } from './wire-constants.ts';
import { activePlayer, mayDeleteForeign, mayWrite, type Draft } from './state.ts';
import { decodeMessage } from './wire.ts';

/** Faults of an update that builds on something the server does not have yet. */
const GAPS: ReadonlySet<UpdateFault> = new Set(['gap', 'unknown-delete']);

const FAULT_WORDS: Partial<Record<UpdateFault, string>> = {
  'too-long': 'The passage would grow beyond 20,000 characters.',
  'foreign-delete': 'It deleted words of somebody else.',
  'not-a-writer': 'You may not write in this draft now.',
};

/** What is new since an update came, with all that was deleted meanwhile: what was struck is only a gap in it. */
function tombstoned(doc: Y.Doc, update: Uint8Array): Uint8Array {
  const vector = Y.decodeStateVector(Y.encodeStateVector(doc));
  for (const [client, clock] of Y.parseUpdateMeta(update).from) vector.set(client, clock);
  return Y.encodeStateAsUpdate(doc, Y.encodeStateVector(vector));
}

/** Applies an update and returns just what was new in it; null: nothing. */
function applyNovel(doc: Y.Doc, update: Uint8Array, check: () => void): Uint8Array | null {
  let novel: Uint8Array | null = null;
  const note = (bytes: Uint8Array) => {
    novel = bytes;
  };
  doc.on('update', note);
  try {
    doc.transact(() => {
      Y.applyUpdate(doc, update);
      check();
    });
  } finally {
    doc.off('update', note);
  }
  return novel;
}

/** The document sockets of a session: who is connected to what, and the door every update has to pass. */
export class SessionDocuments {
  private readonly kernel: SessionKernel;
  private readonly observer: SessionObserver;
  private readonly watch: DraftWatch;
  private readonly onTyped: (playerId: string, draft: Draft) => void;
  private readonly onEdited: (edit: DraftEdit, wireBytes: number) => void;
  private readonly onCursor: (playerId: string) => void;
  /** Peers that have answered our sync request: from then on we have all that their updates build on. */
  private readonly synced = new WeakSet<DocumentPeer>();
  /** Sync messages of a peer that are acked with its answer to our sync request. */
  private readonly held = new WeakMap<DocumentPeer, number>();
  /** While true nothing new is taken in, since it could not be stored. */
  isReadOnly = false;
  /** The session has left memory: whoever still comes has to open it anew. */
  isClosed = false;

  constructor(
    kernel: SessionKernel,
    observer: SessionObserver,
    of: {
      watch: DraftWatch;
      onTyped: (playerId: string, draft: Draft) => void;
      /** What an edit did, and the bytes that it takes over the wire. */
      onEdited: (edit: DraftEdit, wireBytes: number) => void;
      onCursor: (playerId: string) => void;
    },
  ) {
    this.kernel = kernel;
    this.observer = observer;
    this.watch = of.watch;
    this.onTyped = of.onTyped;
    this.onEdited = of.onEdited;
    this.onCursor = of.onCursor;
  }

  /** Connects a peer to `story` or `draft-<id>`; refused for unknown documents and those it may not read. */
  join(name: string, peer: DocumentPeer): { ok: true } | Refusal {
    if (this.isClosed) return refuse('SHUTTING_DOWN');
    const document = this.kernel.documents.get(name);
    if (document === undefined) return refuse('DRAFT_UNKNOWN');
    if (activePlayer(this.kernel.state, peer.playerId) === null) return refuse('PLAYER_REMOVED');
    if (!this.kernel.mayRead(name, peer.playerId)) return refuse('DRAFT_FORBIDDEN');
    document.join(peer);
    this.kernel.journal.wake();
    return { ok: true };
  }

  /** The peer's socket is closed. */
  leave(name: string, peer: DocumentPeer): void {
    this.kernel.documents.get(name)?.leave(peer.id);
    this.kernel.journal.wake();
  }

  /** A slow peer has read what was waiting for it. */
  drained(name: string, peer: DocumentPeer): void {
    this.kernel.documents.get(name)?.catchUp(peer);
    this.kernel.journal.wake();
  }

  /** Takes one frame of a peer. Whatever is wrong with it ends in a closed peer, never in an exception. */
  receive(name: string, peer: DocumentPeer, frame: Uint8Array): void {
    const document = this.kernel.documents.get(name);
    if (document === undefined) return peer.close(CLOSE.documentUnknown, refuse('DRAFT_UNKNOWN'));
    const message = decodeMessage(frame);
    if (message === null) return this.refuseFrame(peer);
    switch (message.kind) {
      case 'sync-request':
        this.answer(document, peer, message.stateVector);
        break;
      case 'update':
        this.measure(() => this.receiveUpdate(document, peer, message));
        break;
      case 'cursors':
        this.receiveCursors(document, peer, message.payload);
        break;
      case 'cursor-request':
        document.replyCursors(peer);
    }
    this.kernel.journal.wake();
  }

  private measure(run: () => void): void {
    const startedAt = performance.now();
    run();
    this.observer.merged((performance.now() - startedAt) / 1_000);
  }

  private refuseFrame(peer: DocumentPeer): void {
    this.observer.updateRefused('undecodable');
    peer.close(CLOSE.updateRefused, refuse('FRAME_INVALID'));
  }

  private answer(document: LiveDocument, peer: DocumentPeer, stateVector: Uint8Array): void {
    try {
      document.reply(peer, stateVector);
    } catch {
      this.refuseFrame(peer);
    }
  }

  private receiveUpdate(
    document: LiveDocument,
    peer: DocumentPeer,
    { update, isReply }: { update: Uint8Array; isReply: boolean },
  ): void {
    if (document.name === 'story') return this.receiveStoryUpdate(document, peer, update);
    const draft = this.kernel.state.drafts[document.name.slice('draft-'.length)];
    if (draft === undefined) return peer.close(CLOSE.documentUnknown, refuse('DRAFT_UNKNOWN'));
    const verdict = checkUpdate(document.doc, update, {
      playerId: peer.playerId,
      ownerOf: (clientId) => draft.clients[clientId],
      mayWrite: mayWrite(this.kernel.state, draft, peer.playerId),
      mayDeleteForeign: mayDeleteForeign(this.kernel.state, draft, peer.playerId),
    });
    if (!verdict.ok && !isReply && !this.synced.has(peer) && GAPS.has(verdict.fault)) {
      // Typed after a time offline, before our sync request was answered: that answer brings it again, whole.
      return void this.held.set(peer, (this.held.get(peer) ?? 0) + 1);
    }
    if (!verdict.ok) return this.refuseUpdate(peer, verdict.fault);
    if (!verdict.isKnown) {
      if (this.isReadOnly) return peer.close(CLOSE.storageUnavailable, refuse('STORAGE_UNAVAILABLE'));
      const { newClients } = verdict;
      if (
        newClients.length > 0 &&
        this.countClients(draft, peer.playerId) + newClients.length > LIMITS.clientsPerPlayer
      ) {
        return this.refuseUpdate(peer, 'too-many-clients');
      }
      this.take(document, peer, { draft, update, verdict });
    }
    this.count(document, peer, isReply);
  }

  /** While something was left out, what comes after it is not acked either. */
  private count(document: LiveDocument, peer: DocumentPeer, isReply: boolean): void {
    const held = this.held.get(peer) ?? 0;
    if (isReply) this.synced.add(peer);
    if (held > 0 && !isReply) return void this.held.set(peer, held + 1);
    this.held.delete(peer);
    document.countReceived(peer, held + 1);
  }

  private countClients(draft: Draft, playerId: string): number {
    return Object.values(draft.clients).filter((owner) => owner === playerId).length;
  }

  /** The update is lawful: bind its new client ids, apply it, journal it, spread it. */
  private take(
    document: LiveDocument,
    peer: DocumentPeer,
    of: { draft: Draft; update: Uint8Array; verdict: Extract<UpdateCheck, { ok: true }> },
  ): void {
    for (const clientId of of.verdict.newClients) {
      this.kernel.record(
        { type: 'draft-client-bound', draftId: of.draft.id, clientId, playerId: peer.playerId },
        peer.playerId,
      );
    }
    let isStruck = false;
    const { doc } = document;
    const strike = () => {
      isStruck = this.watch.strike(of.draft, doc, peer.playerId);
    };
    const edit = { draftId: of.draft.id, playerId: peer.playerId, at: this.kernel.clock.now() };
    // To its sender once, to all others once.
    const wireBytes = of.update.byteLength * Math.max(1, document.peerCount);
    const note = (transaction: Y.Transaction) => this.onEdited(draftEdit(transaction, edit), wireBytes);
    doc.once('afterTransaction', note);
    const novel = of.verdict.isPlain ? of.update : applyNovel(doc, of.update, strike);
    if (of.verdict.isPlain) {
      doc.transact(() => {
        Y.applyUpdate(doc, of.update);
        strike();
      });
    }
    doc.off('afterTransaction', note);
    const { store } = document.doc;
    if (store.pendingStructs !== null || store.pendingDs !== null) {
      // Only a crafted update with circular origins gets here: keep what was integrated, forget the rest.
      store.pendingStructs = null;
      store.pendingDs = null;
      this.refuseUpdate(peer, 'gap');
    }
    if (novel === null) return;
    // What was struck is told to its author too.
    const told = isStruck ? tombstoned(doc, of.update) : novel;
    const peerId = isStruck ? null : peer.id;
    this.kernel.noteUpdate(document.name, told, { author: peer.playerId, peerId });
    this.onTyped(peer.playerId, of.draft);
  }

  /** Stock providers answer our sync request for the story too; a step that brings nothing new is no offence. */
  private receiveStoryUpdate(document: LiveDocument, peer: DocumentPeer, update: Uint8Array): void {
    const verdict = checkUpdate(document.doc, update, {
      playerId: peer.playerId,
      ownerOf: () => undefined,
      mayWrite: false,
      mayDeleteForeign: false,
    });
    if (verdict.ok && verdict.isKnown) return document.countReceived(peer);
    this.observer.updateRefused('story');
    peer.close(CLOSE.updateRefused, refuse('STORY_READ_ONLY'));
  }

  private refuseUpdate(peer: DocumentPeer, fault: UpdateFault): void {
    this.observer.updateRefused(fault);
    peer.close(CLOSE.updateRefused, refuse('UPDATE_REFUSED', FAULT_WORDS[fault] ?? null));
  }

  private receiveCursors(document: LiveDocument, peer: DocumentPeer, payload: Uint8Array): void {
    if (document.name === 'story') return;
    const draft = this.kernel.state.drafts[document.name.slice('draft-'.length)];
    const player = this.kernel.state.players[peer.playerId];
    if (draft === undefined || player === undefined) return;
    const fault = document.cursors.receive(peer.id, payload, {
      user: { playerId: player.id, name: player.name, colour: player.colour },
      isForeign: (clientId) => (draft.clients[clientId] ?? peer.playerId) !== peer.playerId,
    });
    if (fault === null) return this.onCursor(peer.playerId);
    this.observer.updateRefused(`cursor-${fault}`);
    peer.close(
      CLOSE.updateRefused,
      refuse('UPDATE_REFUSED', 'A cursor was sent under a name that is not yours.'),
    );
  }

  /** Closes peers of documents that are gone or that they may no longer read. */
  enforceAccess(): void {
    for (const document of this.kernel.documents.values()) {
      const draftId = document.name === 'story' ? null : document.name.slice('draft-'.length);
      const isOpen = draftId === null || this.kernel.state.drafts[draftId] !== undefined;
      for (const peer of [...document.connected()]) {
        if (isOpen && this.kernel.mayRead(document.name, peer.playerId)) continue;
        // Not a frame more, also none of a batch that is under way.
        document.leave(peer.id);
        if (isOpen) peer.close(CLOSE.forbidden, refuse('DRAFT_FORBIDDEN'));
        else peer.close(CLOSE.documentUnknown, refuse('DRAFT_UNKNOWN'));
      }
      if (draftId === null || isOpen) continue;
      this.watch.forget(draftId);
      this.kernel.dropDraftDocument(draftId);
    }
  }

  /** Closes every socket of the session, or of one player. */
  closeAll(code: number, refusal: Refusal, playerId: string | null = null): void {
    for (const document of this.kernel.documents.values()) {
      for (const peer of [...document.connected()]) {
        if (playerId === null || peer.playerId === playerId) peer.close(code, refusal);
      }
    }
  }
}
