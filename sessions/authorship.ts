import * as decoding from 'lib0/decoding';
import * as Y from 'yjs';
import { LIMITS } from './limits.ts';
import { DRAFT_TEXT, type Span } from './story-shape.ts';

/** Why an update to a draft was refused; also the label of the metric. */
export type UpdateFault =
  | 'undecodable'
  | 'too-many-structs'
  | 'gap'
  | 'forged-client'
  | 'foreign-root'
  | 'foreign-content'
  | 'foreign-delete'
  | 'unknown-delete'
  | 'too-long'
  | 'too-many-clients'
  | 'not-a-writer';

/** What a draft allows the player who sent an update. */
export interface UpdateRules {
  playerId: string;
  /** Who stands behind a Yjs client id in this draft; undefined: nobody yet. */
  ownerOf: (clientId: number) => string | undefined;
  /** Whether the player may add or delete anything at all. */
  mayWrite: boolean;
  /** Whether the player may delete words of others. */
  mayDeleteForeign: boolean;
}

export type UpdateCheck =
  | {
      ok: true;
      /** The update adds nothing the document does not have: an ordinary resync. */
      isKnown: boolean;
      /** All of it is new and by one client: the bytes can be stored and spread as they came. */
      isPlain: boolean;
      /** Client ids the update uses for the first time; they get bound to the player. */
      newClients: number[];
    }
  | { ok: false; fault: UpdateFault };

type Struct = Y.Item | Y.GC | { constructor: { name: string }; id: Y.ID; length: number };

const fault = (name: UpdateFault): UpdateCheck => ({ ok: false, fault: name });

/** Item content a draft may hold: text and what is left of deleted text. */
function isTextContent(content: unknown): boolean {
  return content instanceof Y.ContentString || content instanceof Y.ContentDeleted;
}

/** A new item may only be text in the root text, beside items that are known or come in the same update. */
function checkItem(doc: Y.Doc, item: Y.Item, ends: ReadonlyMap<number, number>): UpdateFault | null {
  if (!isTextContent(item.content)) return 'foreign-content';
  if (item.parentSub !== null) return 'foreign-content';
  if (typeof item.parent === 'string' && item.parent !== DRAFT_TEXT) return 'foreign-root';
  // Text lives directly under the root, so a parent given by id can only be something foreign.
  if (item.parent !== null && typeof item.parent !== 'string') return 'foreign-root';
  if (item.parent === null && item.origin === null && item.rightOrigin === null) return 'foreign-root';
  return hasKnownPlace(doc, item, ends) ? null : 'gap';
}

/** Whether the neighbours an item names are in the document or come in the same update. */
function hasKnownPlace(doc: Y.Doc, item: Y.Item, ends: ReadonlyMap<number, number>): boolean {
  const isKnown = (id: Y.ID | null) =>
    id === null ||
    // Yjs takes origins of the own client for granted and would throw on one that comes later.
    (id.client === item.id.client
      ? id.clock < item.id.clock
      : id.clock < Math.max(Y.getState(doc.store, id.client), ends.get(id.client) ?? 0));
  return isKnown(item.origin) && isKnown(item.rightOrigin);
}

/** Where each client's structs in an update end. */
function endsOf(structs: readonly Struct[]): Map<number, number> {
  const ends = new Map<number, number>();
  for (const struct of structs) ends.set(struct.id.client, struct.id.clock + struct.length);
  return ends;
}

/** How many runs of structs an update says that it has; an honest one has one for each client. */
function runsOf(update: Uint8Array): number {
  return decoding.readVarUint(decoding.createDecoder(update));
}

interface Progress {
  newClients: number[];
  inserted: number;
  isKnown: boolean;
  /** Some of it was known before. */
  hasKnown: boolean;
}

function checkStructs(doc: Y.Doc, structs: readonly Struct[], rules: UpdateRules): UpdateFault | Progress {
  const progress: Progress = { newClients: [], inserted: 0, isKnown: true, hasKnown: false };
  const ends = endsOf(structs);
  const next = new Map<number, number>();
  for (const struct of structs) {
    const { client, clock } = struct.id;
    if (struct.length === 0) return 'undecodable';
    if (clock + struct.length > LIMITS.updateClock) return 'too-long';
    const state = next.get(client) ?? Y.getState(doc.store, client);
    if (clock < state) progress.hasKnown = true;
    if (clock + struct.length <= state) {
      // Yjs waits for the neighbours of a known item too before it finds out that it has it.
      if (struct instanceof Y.Item && !hasKnownPlace(doc, struct, ends)) return 'gap';
      continue;
    }
    if (struct.constructor.name === 'Skip') return 'gap';
    const owner = rules.ownerOf(client);
    if (owner === undefined) {
      // A1: the first claim binds, and only an id that starts at 0 can be a first claim.
      if (state !== 0 && !next.has(client)) return 'forged-client';
      if (clock !== state) return 'gap';
      if (!progress.newClients.includes(client)) progress.newClients.push(client);
    } else if (owner !== rules.playerId) return 'forged-client';
    if (clock > state) return 'gap';
    if (struct instanceof Y.Item) {
      const itemFault = checkItem(doc, struct, ends);
      if (itemFault !== null) return itemFault;
      if (struct.content instanceof Y.ContentString) progress.inserted += clock + struct.length - state;
    }
    progress.isKnown = false;
    next.set(client, clock + struct.length);
    if (owner === undefined) ends.set(client, clock + struct.length);
  }
  return progress;
}

/** How many characters of a delete range that begins in the document are still alive there. */
function liveLength(doc: Y.Doc, client: number, clock: number, len: number): number {
  const structs = doc.store.clients.get(client);
  if (structs === undefined) return 0;
  let live = 0;
  for (let index = Y.findIndexSS(structs, clock); index < structs.length; index += 1) {
    const struct = structs[index];
    if (struct === undefined || struct.id.clock >= clock + len) break;
    const { id, length, deleted } = struct;
    if (!deleted) live += Math.min(id.clock + length, clock + len) - Math.max(id.clock, clock);
  }
  return live;
}

function checkDeletes(
  doc: Y.Doc,
  deletes: ReadonlyMap<number, readonly { clock: number; len: number }[]>,
  rules: UpdateRules,
  ends: ReadonlyMap<number, number>,
): UpdateFault | { isKnown: boolean; deleted: number } {
  let isKnown = true;
  let deleted = 0;
  for (const [client, ranges] of deletes) {
    const known = Y.getState(doc.store, client);
    const end = Math.max(known, ends.get(client) ?? 0);
    const isOwn = (rules.ownerOf(client) ?? rules.playerId) === rules.playerId;
    for (const { clock, len } of ranges) {
      // Yjs throws on a range of nothing at the end of what it has.
      if (len === 0) return 'undecodable';
      if (clock + len > end) return 'unknown-delete';
      const live = clock < known ? liveLength(doc, client, clock, len) : 0;
      if (live === 0 && clock + len <= known) continue;
      deleted += live;
      isKnown = false;
      if (!isOwn && !rules.mayDeleteForeign) return 'foreign-delete';
    }
  }
  return { isKnown, deleted };
}

/**
 * Judges one Yjs v1 update to a draft before it is applied, by the rules A1-A8 of docs/SPEC.md (who may write
 * under which client id, only text, no gaps, no forged or foreign ids, foreign words deleted only by those who
 * may). The whole update is refused on the first fault; nothing is applied here. Cost: one decode.
 */
export function checkUpdate(doc: Y.Doc, update: Uint8Array, rules: UpdateRules): UpdateCheck {
  let decoded: ReturnType<typeof Y.decodeUpdate>;
  try {
    decoded = Y.decodeUpdate(update);
  } catch {
    return fault('undecodable');
  }
  const structs = decoded.structs as Struct[];
  if (structs.length > LIMITS.updateStructs) return fault('too-many-structs');
  const ends = endsOf(structs);
  // Yjs would take only the last of several runs of a client.
  if (ends.size !== runsOf(update)) return fault('undecodable');
  const inserts = checkStructs(doc, structs, rules);
  if (typeof inserts === 'string') return fault(inserts);
  const deletes = checkDeletes(doc, decoded.ds.clients, rules, ends);
  if (typeof deletes === 'string') return fault(deletes);
  const isKnown = inserts.isKnown && deletes.isKnown;
  if (!isKnown && !rules.mayWrite) return fault('not-a-writer');
  const length = doc.getText(DRAFT_TEXT).length - deletes.deleted + inserts.inserted;
  if (inserts.inserted > 0 && length > LIMITS.passageLength) return fault('too-long');
  const isPlain = !inserts.hasKnown && ends.size <= 1;
  return { ok: true, isKnown, isPlain, newClients: inserts.newClients };
}

/**
 * The author runs of a draft, from verified client ids alone: nothing a client says about names or colours
 * enters here. Unbound ids cannot occur in an accepted document; they would read `fallback`.
 */
export function authorSpans(
  text: Y.Text,
  ownerOf: (clientId: number) => string | undefined,
  fallback: string,
): Span[] {
  const spans: Span[] = [];
  for (let item = text._start; item !== null; item = item.right) {
    if (item.deleted || !(item.content instanceof Y.ContentString)) continue;
    const author = ownerOf(item.id.client) ?? fallback;
    const last = spans.at(-1);
    if (last?.author === author) last.text += item.content.str;
    else spans.push({ author, text: item.content.str });
  }
  return spans;
}
