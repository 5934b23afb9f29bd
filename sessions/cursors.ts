import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import { LIMITS } from './limits.ts';

/** Who stands behind a cursor; set by the server, whatever the client says. */
export interface CursorUser {
  playerId: string;
  name: string;
  colour: number;
}

interface Cursor {
  clock: number;
  /** JSON of the awareness state; 'null' when it is gone. */
  json: string;
  peerId: string;
  playerId: string;
}

interface CursorEntry {
  clientId: number;
  clock: number;
  state: Record<string, unknown> | null;
}

/** Cursors remembered after they are gone, so that a late echo of one is recognised. */
const GONE_KEPT = 1_000;

/** Why an awareness message was refused. */
export type CursorFault = 'undecodable' | 'too-large' | 'several-states' | 'foreign-client';

function readEntries(payload: Uint8Array): CursorEntry[] | null {
  try {
    const decoder = decoding.createDecoder(payload);
    const entries: CursorEntry[] = [];
    for (let left = decoding.readVarUint(decoder); left > 0; left -= 1) {
      const clientId = decoding.readVarUint(decoder);
      const clock = decoding.readVarUint(decoder);
      const state: unknown = JSON.parse(decoding.readVarString(decoder));
      if (state !== null && (typeof state !== 'object' || Array.isArray(state))) return null;
      entries.push({ clientId, clock, state: state as Record<string, unknown> | null });
      if (entries.length > LIMITS.players) return null;
    }
    return decoding.hasContent(decoder) ? null : entries;
  } catch {
    return null;
  }
}

/** A cursor's state as it is spread; null: it cannot be written. */
function stateJson(user: CursorUser, cursor: unknown): string | null {
  try {
    return JSON.stringify({ user, cursor });
  } catch {
    // Nested deeper than the stack: what JSON.parse reads, JSON.stringify need not be able to write.
    return null;
  }
}

/**
 * Cursors (Yjs awareness) of one document. A connection has one cursor, under a client id that nobody else
 * uses; its `user` field is the server's. What a peer reports about other peers' ids is ignored, as stock
 * clients echo what they know.
 */
export class Cursors {
  private readonly cursors = new Map<number, Cursor>();
  private readonly changed = new Set<number>();

  /**
   * Takes a message of a peer. Own entries are stored and spread with the next `takeChanges`; entries under
   * ids of others are dropped, also when those have just left (an echo that was under way); an entry under an
   * id that belongs to another player, and was never a cursor, is a fault.
   */
  receive(
    peerId: string,
    payload: Uint8Array,
    of: { user: CursorUser; isForeign: (clientId: number) => boolean },
  ): CursorFault | null {
    if (payload.length > LIMITS.awarenessBytes * 4) return 'too-large';
    const entries = readEntries(payload);
    if (entries === null) return 'undecodable';
    const own = entries.filter((entry) => this.isOwn(peerId, entry, of.user));
    const alive = own.filter((entry) => entry.state !== null);
    if (alive.length > 1) return 'several-states';
    if (alive.some((entry) => of.isForeign(entry.clientId))) return 'foreign-client';
    for (const entry of own) this.store(peerId, entry, of.user);
    return null;
  }

  private isOwn(peerId: string, entry: CursorEntry, user: CursorUser): boolean {
    const known = this.cursors.get(entry.clientId);
    if (known === undefined || known.peerId === peerId) return true;
    // The same player by another connection: a browser that came back, while its old line may look alive.
    return known.playerId === user.playerId && entry.clock > known.clock && entry.state !== null;
  }

  private store(peerId: string, entry: CursorEntry, user: CursorUser): void {
    const known = this.cursors.get(entry.clientId);
    if (known === undefined && entry.state === null) return;
    if (known !== undefined && entry.clock < known.clock) return;
    const json = entry.state === null ? 'null' : stateJson(user, entry.state.cursor ?? null);
    if (json === null || json.length > LIMITS.awarenessBytes) return;
    if (entry.state !== null) this.forgetOthers(peerId, entry.clientId);
    this.cursors.set(entry.clientId, { clock: entry.clock, json, peerId, playerId: user.playerId });
    // Keep-alives of an unchanged cursor need not travel, but stock peers time cursors out after 30 s.
    this.changed.add(entry.clientId);
  }

  /** A peer has one cursor: when it comes with a new id (new document), the old one goes. */
  private forgetOthers(peerId: string, clientId: number): void {
    for (const [id, cursor] of this.cursors) {
      if (cursor.peerId === peerId && id !== clientId && cursor.json !== 'null') this.remove(id, cursor);
    }
  }

  private remove(clientId: number, cursor: Cursor): void {
    this.cursors.delete(clientId);
    this.cursors.set(clientId, { ...cursor, clock: cursor.clock + 1, json: 'null' });
    this.changed.add(clientId);
  }

  /** The peer is gone and so is its cursor. */
  leave(peerId: string): void {
    for (const [clientId, cursor] of this.cursors) {
      if (cursor.peerId === peerId && cursor.json !== 'null') this.remove(clientId, cursor);
    }
  }

  /** The awareness payload of all living cursors; null when there are none. */
  encodeAll(): Uint8Array | null {
    return this.encode([...this.cursors].filter(([, cursor]) => cursor.json !== 'null').map(([id]) => id));
  }

  /** The payload of what changed since the last call; null when nothing did. */
  takeChanges(): Uint8Array | null {
    if (this.changed.size === 0) return null;
    const payload = this.encode([...this.changed]);
    this.changed.clear();
    this.forgetGone();
    return payload;
  }

  /** Forgets the cursors that have been gone for longest when there are too many to remember. */
  private forgetGone(): void {
    if (this.cursors.size <= GONE_KEPT) return;
    for (const [clientId, cursor] of this.cursors) {
      if (this.cursors.size <= GONE_KEPT / 2) return;
      if (cursor.json === 'null') this.cursors.delete(clientId);
    }
  }

  private encode(clientIds: readonly number[]): Uint8Array | null {
    if (clientIds.length === 0) return null;
    return encoding.encode((encoder) => {
      encoding.writeVarUint(encoder, clientIds.length);
      for (const clientId of clientIds) {
        const cursor = this.cursors.get(clientId);
        encoding.writeVarUint(encoder, clientId);
        encoding.writeVarUint(encoder, cursor?.clock ?? 0);
        encoding.writeVarString(encoder, cursor?.json ?? 'null');
      }
    });
  }
}
