import * as Y from 'yjs';
import { AppError } from './errors.ts';
import { evolve, sessionEventSchema } from './events.ts';
import { draftDocument, type SessionKernel } from './kernel.ts';
import type { Snapshot, StoredSession } from './ports.ts';
import { sessionStateSchema, type SessionState } from './state.ts';
import { Story } from './story.ts';

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Snapshots of the state and all open documents, as of the newest record. Call with nothing left to apply. */
export function takeSnapshots(kernel: SessionKernel): Snapshot[] {
  const { seq } = kernel.journal;
  const state = { doc: 'state', seq, data: encoder.encode(JSON.stringify(kernel.state)) };
  const open = [...kernel.documents.values()].filter(
    ({ name }) => name === 'story' || kernel.state.drafts[name.slice('draft-'.length)] !== undefined,
  );
  const documents = open.map(({ name, doc }) => ({ doc: name, seq, data: Y.encodeStateAsUpdate(doc) }));
  return [state, ...documents];
}

/** A session as rebuilt from its snapshots and journal. */
export interface LoadedSession {
  state: SessionState;
  story: Story;
  drafts: Map<string, Y.Doc>;
  lastSeq: number;
  /** Position of the newest state snapshot, 0 without one. */
  snapshotSeq: number;
  /** No time in its history is later, epoch ms. */
  lastAt: number;
}

function parseJson(data: Uint8Array): unknown {
  return JSON.parse(decoder.decode(data));
}

function loadState(stored: StoredSession, snapshot: Snapshot | undefined): SessionState {
  let state = snapshot === undefined ? null : sessionStateSchema.parse(parseJson(snapshot.data));
  for (const record of stored.tail) {
    if (record.kind !== 'event' || record.seq <= (snapshot?.seq ?? 0)) continue;
    const event = sessionEventSchema.parse(parseJson(record.data));
    if (state !== null) state = evolve(state, event);
    else if (event.type === 'session-created') state = event.state;
  }
  if (state === null) throw new AppError('SESSION_UNKNOWN');
  return state;
}

function applyStored(doc: Y.Doc, stored: StoredSession, name: string): void {
  const snapshot = stored.snapshots.find((candidate) => candidate.doc === name);
  const updates = stored.tail
    .filter((record) => record.kind === 'update' && record.doc === name && record.seq > (snapshot?.seq ?? 0))
    .map((record) => record.data);
  doc.transact(() => {
    if (snapshot !== undefined) Y.applyUpdate(doc, snapshot.data);
    for (const update of updates) Y.applyUpdate(doc, update);
  });
}

function newestTime({ createdAt, tail }: StoredSession, { history }: SessionState): number {
  const { checkpoints, rollbacks, sealed, lastSeen } = history;
  const times = [tail.at(-1)?.at, checkpoints.at(-1)?.at, rollbacks.at(-1)?.at].map((at) => at ?? 0);
  return Math.max(createdAt, ...times, ...Object.values(sealed), ...Object.values(lastSeen));
}

/** Rebuilds a session. Throws AppError INTERNAL when what is stored does not make sense. */
export function loadSession(stored: StoredSession): LoadedSession {
  const snapshot = stored.snapshots.find((candidate) => candidate.doc === 'state');
  let state: SessionState;
  try {
    state = loadState(stored, snapshot);
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw new AppError('INTERNAL', { detail: 'The stored session is damaged.', cause });
  }
  const story = new Story();
  applyStored(story.doc, stored, 'story');
  const drafts = new Map<string, Y.Doc>();
  for (const draftId of Object.keys(state.drafts)) {
    const doc = new Y.Doc();
    applyStored(doc, stored, draftDocument(draftId));
    drafts.set(draftId, doc);
  }
  const lastSeq = Math.max(snapshot?.seq ?? 0, stored.tail.at(-1)?.seq ?? 0);
  return {
    state,
    story,
    drafts,
    lastSeq,
    snapshotSeq: snapshot?.seq ?? 0,
    lastAt: newestTime(stored, state),
  };
}
