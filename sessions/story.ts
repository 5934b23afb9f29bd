import * as Y from 'yjs';
import { LIMITS } from './limits.ts';
import { writeLine, type LineChange } from './line-changes.ts';
import { currentMemory, memoryMap, memoryRecords, readMemory, type MemoryItem } from './memory-shape.ts';
import {
  branchesOver,
  branchInPlay,
  MAIN_BRANCH,
  readBranches,
  readLine,
  readScenes,
  sceneMap,
  type Branch,
  type Scene,
} from './story-lines.ts';
import {
  AUTHOR_ATTRIBUTE,
  passageMap,
  passageOrder,
  readPassage,
  readSpans,
  readStory,
  spansText,
  type AlternativeInfo,
  type Passage,
  type PassageMeta,
  type PassageState,
  type Span,
} from './story-shape.ts';

/** A change to the story, decided by a command and written by `Story.apply`. */
export type StoryChange =
  | {
      op: 'add';
      passageId: string;
      alternativeId: string;
      meta: PassageMeta;
      spans: Span[];
      at: number;
      /** 'held': a placeholder whose text people decide about. */
      state?: 'held';
    }
  /** Takes the text of a passage out of the document and leaves its place. */
  | { op: 'withhold'; passageId: string }
  /** Writes what an alternative is to hold instead of what it does; `edition`: a text that it has had before. */
  | {
      op: 'fill';
      passageId: string;
      alternativeId: string;
      spans: Span[];
      at?: number;
      edition?: Edition;
    }
  | { op: 'replace'; passageId: string; spans: Span[]; at?: number }
  /** `rollbackId`: the rollback that strikes it. */
  | { op: 'mark'; passageId: string; state: PassageState; rollbackId?: string }
  | { op: 'choose'; passageId: string; alternativeId: string }
  /** Opens a passage, or another alternative of it, that the narrator is going to write. */
  | {
      op: 'begin';
      passageId: string;
      alternativeId: string;
      meta: PassageMeta;
      info: AlternativeInfo;
      at: number;
    }
  | { op: 'append'; passageId: string; alternativeId: string; span: Span }
  | { op: 'end'; passageId: string; alternativeId: string; info: AlternativeInfo }
  /** Takes all texts of a passage out for good and leaves it struck. */
  | { op: 'purge'; passageId: string }
  | LineChange;

/** One walk for all spans: `insert` would walk the text from its start for each of them. */
function writeSpans(text: Y.Text, spans: readonly Span[]): void {
  const inserts = spans.map((span) => ({
    insert: span.text,
    attributes: { [AUTHOR_ATTRIBUTE]: span.author },
  }));
  text.applyDelta(text.length === 0 ? inserts : [{ retain: text.length }, ...inserts]);
}

/** A text that stood there before: with it comes its number, so that what was known of it holds again. */
interface Edition {
  edits: number;
  editedAt: number | null;
}

/** Each text an alternative ever had has a number of its own, `edits`; `rewrites` is the highest. */
function refill(
  alternative: Y.Map<unknown> | undefined,
  spans: readonly Span[],
  of: { at?: number | undefined; edition?: Edition | undefined } = {},
): void {
  const text = alternative?.get('text');
  if (alternative === undefined || !(text instanceof Y.Text)) return;
  text.delete(0, text.length);
  writeSpans(text, spans);
  if (of.edition !== undefined) {
    alternative.set('edits', of.edition.edits);
    alternative.set('editedAt', of.edition.editedAt);
    return;
  }
  const rewrites = ((alternative.get('rewrites') as number | undefined) ?? 0) + 1;
  alternative.set('rewrites', rewrites);
  alternative.set('edits', rewrites);
  if (of.at !== undefined) alternative.set('editedAt', of.at);
}

/** Takes the text of an alternative out, and what it was asked to be about. */
function empty(alternative: Y.Map<unknown>): void {
  refill(alternative, []);
  const { direction: _withheld, ...info } = (alternative.get('info') ?? {}) as AlternativeInfo;
  alternative.set('info', info);
}

function newAlternative(
  id: string,
  at: number,
  state: 'streaming' | 'complete',
  info: AlternativeInfo,
): Y.Map<unknown> {
  const map = new Y.Map<unknown>();
  map.set('id', id);
  map.set('at', at);
  map.set('state', state);
  map.set('info', info);
  map.set('text', new Y.Text());
  return map;
}

/**
 * The canon document of a session. Only the server writes it, through `apply`; every change is one transaction
 * and thereby one Yjs update, handed to `onUpdate` for the journal and the peers.
 */
export class Story {
  readonly doc = new Y.Doc();

  /** Loads a stored document; later updates are replayed with `load` too. */
  load(update: Uint8Array): void {
    Y.applyUpdate(this.doc, update);
  }

  /** Calls `listener` with every update made by `apply`. */
  onUpdate(listener: (update: Uint8Array) => void): void {
    this.doc.on('update', listener);
  }

  passageCount(): number {
    return passageOrder(this.doc).length;
  }

  passage(id: string): Passage | null {
    const map = passageMap(this.doc).get(id);
    return map === undefined ? null : readPassage(id, map);
  }

  passages(): Passage[] {
    return readStory(this.doc);
  }

  /**
   * The shown passages of the line in play before `beforeId` (all when null; of its own branch when it is on another
   * one), oldest first: what the narrator may read. Texts are read
   * from the newest back until `LIMITS.contextLength` is reached, so that a prompt costs the same in a long
   * story; older passages come with their id alone. `atMost`: only the last so many.
   */
  shownTexts(beforeId: string | null, atMost = Infinity): { id: string; text: string }[] {
    const order = this.lineOf(beforeId);
    const end = beforeId === null ? -1 : order.indexOf(beforeId);
    const texts: { id: string; text: string }[] = [];
    let room: number = LIMITS.contextLength;
    for (const id of (end < 0 ? order : order.slice(0, end)).reverse()) {
      if (texts.length >= atMost) break;
      if (passageMap(this.doc).get(id)?.get('state') !== 'shown') continue;
      const text = room <= 0 ? undefined : this.chosenAlternative(id)?.get('text');
      texts.push({ id, text: text instanceof Y.Text ? spansText(readSpans(text)) : '' });
      room -= texts.at(-1)?.text.length ?? 0;
    }
    return texts.reverse();
  }

  branchId(): string {
    return branchInPlay(this.doc);
  }

  branches(): Branch[] {
    return readBranches(this.doc);
  }

  /** Those whose lines have at least one of some passages. */
  branchesOver(passageIds: ReadonlySet<string>): Branch[] {
    return branchesOver(this.doc, passageIds);
  }

  /** The passages of a branch, struck ones included; by default of the one in play. */
  line(branchId?: string): string[] {
    return readLine(this.doc, branchId);
  }

  /** The scenes of the line in play. */
  scenes(): Scene[] {
    return readScenes(this.doc);
  }

  sceneCount(): number {
    return sceneMap(this.doc).size;
  }

  memory(): MemoryItem[] {
    return readMemory(this.doc);
  }

  /** What the narrator may be told (E2) on a line; by default on the one in play. */
  currentMemory(line: readonly string[] = this.line()): MemoryItem[] {
    return currentMemory(this.doc, line);
  }

  /** The line in play; for a passage that is not on it, the one that it was written on. */
  lineOf(passageId: string | null): string[] {
    const line = this.line();
    if (passageId === null || line.includes(passageId)) return line;
    const meta = passageMap(this.doc).get(passageId)?.get('meta') as PassageMeta | undefined;
    return meta === undefined ? line : this.line(meta.branchId ?? MAIN_BRANCH);
  }

  /** The newest passage that is shown on the line in play; null: none. */
  lastShown(): Passage | null {
    for (const id of this.line().reverse()) {
      if (passageMap(this.doc).get(id)?.get('state') === 'shown') return this.passage(id);
    }
    return null;
  }

  /** Writes changes in one transaction. Changes about unknown passages are ignored. */
  apply(changes: readonly StoryChange[]): void {
    if (changes.length === 0) return;
    this.doc.transact(() => {
      for (const change of changes) this.write(change);
    });
  }

  private write(change: StoryChange): void {
    switch (change.op) {
      case 'add':
      case 'begin':
        return this.addAlternative(change);
      case 'replace':
        return refill(this.chosenAlternative(change.passageId), change.spans, change);
      case 'fill':
        return refill(this.alternative(change), change.spans, change);
      case 'withhold':
        for (const alternative of this.alternatives(change.passageId)) empty(alternative);
        this.forgetTold(change.passageId);
        return this.mark({ ...change, state: 'held' });
      case 'purge':
        for (const alternative of this.alternatives(change.passageId)) empty(alternative);
        passageMap(this.doc).get(change.passageId)?.set('isPurged', true);
        return this.mark({ ...change, state: 'struck' });
      case 'mark':
        return this.mark(change);
      case 'choose': {
        const index = this.alternatives(change.passageId).findIndex(
          (map) => map.get('id') === change.alternativeId,
        );
        if (index >= 0) passageMap(this.doc).get(change.passageId)?.set('chosen', index);
        return;
      }
      case 'append': {
        const text = this.alternative(change)?.get('text');
        if (text instanceof Y.Text) writeSpans(text, [change.span]);
        return;
      }
      case 'end': {
        const alternative = this.alternative(change);
        alternative?.set('state', 'complete');
        alternative?.set('info', change.info);
        return;
      }
      default:
        return writeLine(this.doc, change);
    }
  }

  /** What was told of a text goes with it: should the text come back, it has another revision. */
  private forgetTold(passageId: string): void {
    const told = memoryRecords(this.doc).filter(({ sources }) =>
      sources.some((source) => source.passageId === passageId),
    );
    for (const { id } of told) memoryMap(this.doc).delete(id);
  }

  private mark(of: { passageId: string; state: PassageState; rollbackId?: string }): void {
    const passage = passageMap(this.doc).get(of.passageId);
    passage?.set('state', of.state);
    if (of.rollbackId !== undefined) passage?.set('rollbackId', of.rollbackId);
    else if (passage?.has('rollbackId') === true) passage.delete('rollbackId');
  }

  private addAlternative(change: Extract<StoryChange, { op: 'add' | 'begin' }>): void {
    const isStreaming = change.op === 'begin';
    const alternative = newAlternative(
      change.alternativeId,
      change.at,
      isStreaming ? 'streaming' : 'complete',
      isStreaming ? change.info : {},
    );
    const passage = passageMap(this.doc).get(change.passageId);
    const list = passage?.get('alternatives');
    if (passage !== undefined && list instanceof Y.Array) {
      list.push([alternative]);
      passage.set('chosen', list.length - 1);
    } else {
      this.addPassage(change.passageId, change.meta, alternative);
    }
    if (change.op !== 'add') return;
    writeSpans(alternative.get('text') as Y.Text, change.spans);
    if (change.state !== undefined) passageMap(this.doc).get(change.passageId)?.set('state', change.state);
  }

  private addPassage(id: string, meta: PassageMeta, alternative: Y.Map<unknown>): void {
    const passage = new Y.Map<unknown>();
    const { branchId = branchInPlay(this.doc), ...rest } = meta;
    passage.set('meta', branchId === MAIN_BRANCH ? rest : { ...rest, branchId });
    passage.set('state', 'shown');
    passage.set('chosen', 0);
    passage.set('alternatives', Y.Array.from([alternative]));
    passageMap(this.doc).set(id, passage);
    passageOrder(this.doc).push([id]);
  }

  private alternatives(passageId: string): Y.Map<unknown>[] {
    const list = passageMap(this.doc).get(passageId)?.get('alternatives');
    return list instanceof Y.Array ? (list.toArray() as Y.Map<unknown>[]) : [];
  }

  private alternative(of: { passageId: string; alternativeId: string }): Y.Map<unknown> | undefined {
    return this.alternatives(of.passageId).find((map) => map.get('id') === of.alternativeId);
  }

  private chosenAlternative(passageId: string): Y.Map<unknown> | undefined {
    const chosen = passageMap(this.doc).get(passageId)?.get('chosen');
    return this.alternatives(passageId)[typeof chosen === 'number' ? chosen : 0];
  }
}
