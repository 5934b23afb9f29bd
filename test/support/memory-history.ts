import type {
  GenerationLog,
  HistoryStore,
  JournalRange,
  Rewrite,
  StoryBase,
  Summariser,
  SummaryWork,
} from '../../sessions/history-ports.ts';
import type { JournalRecord } from '../../sessions/ports.ts';
import type { GenerationRecord } from '../../sessions/sight.ts';
import type { MemoryStore } from './memory-store.ts';

const PAGE = 100;
/** Records of a whole segment. */
const SEGMENT = 1_000;

/** The history of a store in memory; keeps the promises of the port (history-store-suite.ts). */
export class MemoryHistory implements HistoryStore {
  private readonly store: MemoryStore;
  private readonly bases = new Map<string, StoryBase[]>();
  /** How many records of each session count as packed: here they stay where they are. */
  private readonly packed = new Map<string, number>();

  constructor(store: MemoryStore) {
    this.store = store;
  }

  async *read(sessionId: string, range: JournalRange): AsyncIterable<readonly JournalRecord[]> {
    await Promise.resolve();
    const wanted = this.store
      .journal(sessionId)
      .filter(({ seq, doc }) => seq > range.after && seq <= range.upTo && (range.docs?.includes(doc) ?? true))
      .toSorted((a, b) => a.seq - b.seq);
    for (let at = 0; at < wanted.length; at += PAGE)
      yield wanted.slice(at, at + PAGE).map((record) => ({ ...record, data: record.data.slice() }));
  }

  positionAt(sessionId: string, time: number): Promise<number> {
    const before = this.store.journal(sessionId).filter(({ at }) => at <= time);
    return Promise.resolve(before.reduce((newest, { seq }) => Math.max(newest, seq), 0));
  }

  baseAt(sessionId: string, seq: number): Promise<StoryBase | null> {
    const fit = (this.bases.get(sessionId) ?? []).filter((base) => base.seq <= seq);
    return Promise.resolve(fit.toSorted((a, b) => b.seq - a.seq)[0] ?? null);
  }

  saveBase(sessionId: string, base: StoryBase): Promise<void> {
    const others = (this.bases.get(sessionId) ?? []).filter(({ seq }) => seq !== base.seq);
    this.bases.set(sessionId, [...others, { ...base }]);
    return Promise.resolve();
  }

  compact(sessionId: string, upTo: number): Promise<number> {
    const before = this.packed.get(sessionId) ?? 0;
    const inReach = this.store.journal(sessionId).filter(({ seq }) => seq <= upTo).length;
    const after = Math.max(before, inReach - (inReach % SEGMENT));
    this.packed.set(sessionId, after);
    return Promise.resolve(after - before);
  }

  async rewrite(sessionId: string, upTo: number, change: Rewrite): Promise<void> {
    await Promise.resolve();
    const journal = this.store.journal(sessionId).filter(({ seq }) => seq <= upTo);
    const bases = (this.bases.get(sessionId) ?? []).filter(({ seq }) => seq <= upTo);
    // All is thought out before anything is changed: `change` may throw.
    const records = journal.map((record) => ({ record, data: change(record) }));
    const changed = bases.map((base) => ({
      base,
      data: change({ kind: 'update', doc: 'story', data: base.data }),
    }));
    this.store.rewriteSnapshots(sessionId, ({ doc, seq, data }) =>
      seq > upTo ? null : change({ kind: doc === 'state' ? 'event' : 'update', doc, data }),
    );
    for (const { record, data } of records) record.data = data ?? record.data;
    for (const { base, data } of changed) base.data = data ?? base.data;
  }
}

/** Keeps what the narrator saw in a list. */
export class ListGenerations implements GenerationLog {
  records: { sessionId: string; record: GenerationRecord }[] = [];

  save(sessionId: string, record: GenerationRecord): void {
    this.records.push({ sessionId, record });
  }

  find(sessionId: string, passageId: string, alternativeId: string): Promise<GenerationRecord | null> {
    const found = this.records.findLast(
      ({ sessionId: of, record }) =>
        of === sessionId && record.passageId === passageId && record.alternativeId === alternativeId,
    );
    return Promise.resolve(found?.record ?? null);
  }

  rewrite(sessionId: string, change: (record: GenerationRecord) => GenerationRecord | null): Promise<void> {
    this.records = this.records.flatMap((entry) => {
      const record = entry.sessionId === sessionId ? change(entry.record) : entry.record;
      return record === null ? [] : [{ ...entry, record }];
    });
    return Promise.resolve();
  }
}

/** Scripted: tells each passage by its first five words, and never fails unless told so. */
export class ScriptedSummariser implements Summariser {
  isOff = false;
  readonly asked: SummaryWork[] = [];

  summarise(work: SummaryWork): Promise<{
    summary: string;
    facts: { text: string; passageId: string }[];
  } | null> {
    this.asked.push(work);
    if (this.isOff) return Promise.resolve(null);
    const short = work.passages.map(({ text }) => text.split(' ').slice(0, 5).join(' '));
    return Promise.resolve({ summary: short.join('; ').slice(0, work.maxLength), facts: [] });
  }
}
