import * as Y from 'yjs';
import { DRAFT_TEXT } from '../../sessions/story-shape.ts';
import { dropStored, readStored, storedKeys, writeStored } from '../common/browser-storage.ts';

// Words the server has not stored yet live in this browser's local storage: unlike IndexedDB it is written
// before the page is gone. One entry per draft and Y.Doc, so that two tabs do not overwrite each other.

const prefixOf = (sessionId: string): string => `taleloom:draft:${sessionId}:`;

function encode(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}

function decode(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
}

/** Puts the words that an earlier visit left behind into a document. The keys used, empty when none. */
export function restoreKept(sessionId: string, draftId: string, doc: Y.Doc): string[] {
  const keys = storedKeys(`${prefixOf(sessionId)}${draftId}:`);
  for (const key of keys) {
    const stored = readStored<string>(key);
    try {
      if (typeof stored === 'string') Y.applyUpdate(doc, decode(stored), 'kept');
    } catch {
      // A damaged entry is no reason to lose the others.
    }
  }
  return keys;
}

/** Writes a draft down in this browser. */
export function keepDraft(sessionId: string, draftId: string, doc: Y.Doc): string {
  const key = `${prefixOf(sessionId)}${draftId}:${doc.clientID}`;
  writeStored(key, encode(Y.encodeStateAsUpdate(doc)));
  return key;
}

/** Forgets entries that the server has by now. */
export function dropKept(keys: Iterable<string>): void {
  for (const key of keys) dropStored(key);
}

/** Takes out the texts of drafts that are no longer open: they will never merge. */
export function takeOrphans(sessionId: string, openDraftIds: ReadonlySet<string>): string[] {
  const prefix = prefixOf(sessionId);
  const byDraft = new Map<string, string[]>();
  for (const key of storedKeys(prefix)) {
    const draftId = key.slice(prefix.length).split(':')[0] ?? '';
    if (!openDraftIds.has(draftId)) byDraft.set(draftId, [...(byDraft.get(draftId) ?? []), key]);
  }
  return [...byDraft].map(([draftId, keys]) => {
    const doc = new Y.Doc();
    restoreKept(sessionId, draftId, doc);
    const text = doc.getText(DRAFT_TEXT).toJSON();
    doc.destroy();
    dropKept(keys);
    return text;
  });
}
