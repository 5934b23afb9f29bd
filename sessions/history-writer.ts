import type { HistoryParts } from './history-ports.ts';
import type { Purge } from './history-state.ts';
import type { ModerationLog } from './moderator.ts';
import type { Snapshot } from './ports.ts';
import { findPurged, purgeRewrite, purgedSight, type PurgeFinds } from './purge.ts';

/** The least growth of a story from one base to the next, bytes; beyond it, half of what the story is long (B7). */
const BASE_BYTES = 128 * 1024;
/** Records that are packed away at once, at least. */
const PACKED_RECORDS = 2_000;

/** What is kept of the past of one session besides its journal: bases for replays, and packed records. */
export class HistoryWriter {
  private readonly parts: HistoryParts;
  private readonly sessionId: string;
  /** Size of the newest base, bytes; null: not looked up yet. */
  private baseBytes: number | null = null;
  private packedTo = 0;

  constructor(parts: HistoryParts, sessionId: string) {
    this.parts = parts;
    this.sessionId = sessionId;
  }

  /** New snapshots are stored: what is before them is history. Throws what the store throws. */
  async follow(snapshots: readonly Snapshot[]): Promise<void> {
    const story = snapshots.find(({ doc }) => doc === 'story');
    if (story === undefined) return;
    await this.base(story);
    if (story.seq - this.packedTo < PACKED_RECORDS) return;
    this.packedTo = story.seq;
    await this.parts.store.compact(this.sessionId, story.seq);
  }

  private async base({ seq, data }: Snapshot): Promise<void> {
    const { store } = this.parts;
    this.baseBytes ??= (await store.baseAt(this.sessionId, seq))?.data.byteLength ?? 0;
    const grown = data.byteLength - this.baseBytes;
    if (grown < Math.max(BASE_BYTES, this.baseBytes / 2)) return;
    await store.saveBase(this.sessionId, { seq, data });
    this.baseBytes = data.byteLength;
  }

  /** G1: what of the journal up to a position holds purged texts. Throws what the store throws. */
  find(purge: Purge, upTo: number): Promise<PurgeFinds> {
    return findPurged(this.parts.store, this.sessionId, { purge, upTo });
  }

  /** G1: removes what is stored of a purge, once the live session and its snapshots are without it. */
  async purge(finds: PurgeFinds, of: { upTo: number; log: ModerationLog }): Promise<void> {
    const { store, generations } = this.parts;
    // The journal comes last: when something fails here, it still tells what to look for.
    await of.log.purge(this.sessionId, finds.texts);
    await generations.rewrite(this.sessionId, (record) => purgedSight(record, finds));
    await store.rewrite(this.sessionId, of.upTo, purgeRewrite(finds));
  }
}
