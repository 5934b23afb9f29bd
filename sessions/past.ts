import * as Y from 'yjs';
import { AppError } from './errors.ts';
import type { HistoryStore, Past, PastStory, StoryBase } from './history-ports.ts';
import { readMemory } from './memory-shape.ts';
import { branchInPlay, readBranches, readScenes } from './story-lines.ts';
import { readStory } from './story-shape.ts';

/** What a past story is read from. */
export interface Replay {
  base: Uint8Array | null;
  /** Updates behind the base, in order. */
  updates: readonly Uint8Array[];
}

/** The content of a story that is replayed: `PastStory` without its place in the journal. */
export type Replayed = Omit<PastStory, 'seq' | 'at'>;

/** Replays updates behind a base and reads what came of it. Pure; for threads too. */
export function replay({ base, updates }: Replay): Replayed {
  const doc = new Y.Doc();
  doc.transact(() => {
    if (base !== null) Y.applyUpdate(doc, base);
    for (const update of updates) Y.applyUpdate(doc, update);
  });
  const branchId = branchInPlay(doc);
  const story = {
    branchId,
    branches: readBranches(doc),
    scenes: readScenes(doc, branchId),
    passages: readStory(doc),
    memory: readMemory(doc),
  };
  doc.destroy();
  return story;
}

/** Who may have the parts of a story in memory at the same time, and wait for that; each may take some MiB. */
const MOST_AT_ONCE = 4;
const MOST_WAITING = 60;

/** The past of sessions, from their journals (B1, B7). */
export class JournalPast implements Past {
  private readonly store: HistoryStore;
  private readonly waiting: (() => void)[] = [];
  private looking = 0;
  private readonly replay: (what: Replay) => Replayed | Promise<Replayed>;

  /** `run`: replays somewhere else than here. */
  constructor(store: HistoryStore, run: (what: Replay) => Replayed | Promise<Replayed> = replay) {
    this.store = store;
    this.replay = run;
  }

  /** Throws what the store throws, and AppError RATE_LIMITED when too many look back. */
  async storyAt(sessionId: string, moment: { seq: number } | { time: number }): Promise<PastStory | null> {
    await this.enter();
    try {
      return await this.look(sessionId, moment);
    } finally {
      this.leave();
    }
  }

  private async enter(): Promise<void> {
    if (this.waiting.length >= MOST_WAITING)
      throw new AppError('RATE_LIMITED', { detail: 'Many are looking back just now.' });
    // Whoever leaves passes their place on.
    if (this.looking >= MOST_AT_ONCE) return new Promise((resolve) => this.waiting.push(resolve));
    this.looking += 1;
  }

  private leave(): void {
    const next = this.waiting.shift();
    if (next === undefined) this.looking -= 1;
    else next();
  }

  private async look(
    sessionId: string,
    moment: { seq: number } | { time: number },
  ): Promise<PastStory | null> {
    const seq = 'seq' in moment ? moment.seq : await this.store.positionAt(sessionId, moment.time);
    if (seq < 1) return null;
    const base = await this.store.baseAt(sessionId, seq);
    const { updates, at } = await this.updatesBehind(sessionId, base, seq);
    const story = await this.replay({ base: base?.data ?? null, updates });
    return { seq, at, ...story };
  }

  private async updatesBehind(
    sessionId: string,
    base: StoryBase | null,
    seq: number,
  ): Promise<{ updates: Uint8Array[]; at: number }> {
    const updates: Uint8Array[] = [];
    let at = 0;
    const range = { after: base?.seq ?? 0, upTo: seq, docs: ['story'] };
    for await (const page of this.store.read(sessionId, range)) {
      for (const record of page) updates.push(record.data);
      at = page.at(-1)?.at ?? at;
    }
    if (at > 0) return { updates, at };
    // Nothing came behind the base: the record at the position itself says when.
    for await (const page of this.store.read(sessionId, { after: seq - 1, upTo: seq, docs: null }))
      at = page.at(-1)?.at ?? at;
    return { updates, at };
  }
}
