import * as Y from 'yjs';
import { sessionEventSchema, type SessionEvent } from './events.ts';
import { purgedState } from './history-events.ts';
import type { HistoryStore, Rewrite } from './history-ports.ts';
import type { Purge } from './history-state.ts';
import { draftDocument } from './kernel.ts';
import { memoryMap } from './memory-shape.ts';
import { IdRanges, redactUpdate } from './redact.ts';
import type { GenerationRecord } from './sight.ts';
import type { Hold } from './safety-state.ts';
import { sessionStateSchema, type SessionState } from './state.ts';
import { passageMap, spansText } from './story-shape.ts';
import type { TalkLine } from './view.ts';

// G1: what is stored of purged texts is found and rewritten. Places, order, authors and times stay.

/** What of a journal holds purged texts. */
export interface PurgeFinds {
  passages: ReadonlySet<string>;
  talk: ReadonlySet<string>;
  /** Documents of drafts that became or replaced one of the passages. */
  drafts: ReadonlySet<string>;
  /** Narrator turns that wrote them, and holds about them. */
  turns: ReadonlySet<string>;
  holds: ReadonlySet<string>;
  /** Memory items made from them. */
  items: ReadonlySet<string>;
  /** Where their content is in the story document. */
  ranges: IdRanges;
  /** Held texts and lines of talk among them, for copies elsewhere. */
  texts: readonly string[];
}

const NOTHING = new Uint8Array([0, 0]);
const encoder = new TextEncoder();
const decoder = new TextDecoder();

function parse(data: Uint8Array): unknown {
  return JSON.parse(decoder.decode(data));
}

/** Positions of all text that the passages ever had, of what the narrator was told to write, and of memory items. */
function rangesIn(doc: Y.Doc, passages: ReadonlySet<string>): { ranges: IdRanges; items: Set<string> } {
  const ranges = new IdRanges();
  for (const id of passages) {
    const list = passageMap(doc).get(id)?.get('alternatives');
    for (const alternative of list instanceof Y.Array ? (list.toArray() as Y.Map<unknown>[]) : []) {
      const text = alternative.get('text');
      if (text instanceof Y.Text) ranges.addItems(text._start, (item) => item.right);
      // The newest has no direction any more; what stood there before has.
      ranges.addItems(alternative._map.get('info')?.left ?? null, (item) => item.left);
    }
  }
  return { ranges, items: memoryRanges(doc, passages, ranges) };
}

function memoryRanges(doc: Y.Doc, passages: ReadonlySet<string>, ranges: IdRanges): Set<string> {
  const items = new Set<string>();
  for (const [key, newest] of memoryMap(doc)._map) {
    for (let item: Y.Item | null = newest; item !== null; item = item.left) {
      const [value] = item.content.getContent() as { sources?: { passageId: string }[] }[];
      if (value?.sources?.some(({ passageId }) => passages.has(passageId)) === true) items.add(key);
    }
    if (items.has(key)) ranges.addItems(newest, (item) => item.left);
  }
  return items;
}

/** A hold as a journal tells of it. */
interface SeenHold {
  hold: Hold;
  /** Where its text went, and when that was decided. */
  passageIds: string[];
  decidedAt: number[];
  /** All that it ever held. */
  texts: string[];
}

function textsOf(texts: Hold['texts']): string[] {
  return texts.map(({ spans }) => spansText(spans));
}

/** What the events of a journal tell of the copies of purged texts. */
class Trail {
  readonly drafts = new Set<string>();
  readonly turns = new Set<string>();
  private readonly holds = new Map<string, SeenHold>();
  private readonly lines: TalkLine[] = [];
  private readonly passages: ReadonlySet<string>;
  private readonly talk: ReadonlySet<string>;

  constructor({ passageIds, talkIds }: Purge) {
    this.passages = new Set(passageIds);
    this.talk = new Set(talkIds);
  }

  take(event: SessionEvent): void {
    switch (event.type) {
      case 'passage-committed':
        if (this.passages.has(event.passageId)) this.drafts.add(draftDocument(event.draftId));
        return;
      case 'draft-opened':
        if (this.passages.has(event.draft.replaces ?? event.draft.keptOf ?? ''))
          this.drafts.add(draftDocument(event.draft.id));
        return;
      case 'narrator-began-passage':
        if (this.passages.has(event.passageId)) this.turns.add(event.turnId);
        return;
      case 'narrator-asked':
        if (this.passages.has(event.turn.passageId ?? '')) this.turns.add(event.turn.turnId);
        return;
      case 'talk-said':
        if (this.talk.has(event.line.id)) this.lines.push(event.line);
        return;
      default:
        this.takeHold(event);
    }
  }

  private takeHold(event: SessionEvent): void {
    if (event.type === 'text-held') {
      const { hold } = event;
      const passageIds = hold.passageId === null ? [] : [hold.passageId];
      this.holds.set(hold.id, { hold, passageIds, decidedAt: [], texts: textsOf(hold.texts) });
    }
    if (event.type === 'hold-undone') this.holds.get(event.holdId)?.texts.push(...textsOf(event.texts));
    if (event.type !== 'hold-decided') return;
    const seen = this.holds.get(event.holdId);
    seen?.decidedAt.push(event.at);
    if (event.passageId !== null) seen?.passageIds.push(event.passageId);
  }

  /** A line of talk that was masked, or let through, is as old as what was noted about it. */
  private isOfTalk({ hold, decidedAt }: SeenHold): boolean {
    if (hold.kind !== 'talk') return false;
    return this.lines.some(({ by, at }) => by === hold.by && (at === hold.at || decidedAt.includes(at)));
  }

  /** The holds about what is purged, and all texts that may have been copied from there. */
  end(): { holds: Set<string>; texts: string[] } {
    const all = [...this.holds.values()];
    const isOf = (seen: SeenHold) =>
      this.isOfTalk(seen) || seen.passageIds.some((id) => this.passages.has(id));
    // What was refused and let through in the end still lies in the draft it came from.
    for (const { hold } of all.filter(isOf)) {
      if (hold.draftId !== null) this.drafts.add(draftDocument(hold.draftId));
    }
    const found = all.filter((seen) => isOf(seen) || this.drafts.has(draftDocument(seen.hold.draftId ?? '')));
    return {
      holds: new Set(found.map(({ hold }) => hold.id)),
      texts: [...this.lines.map(({ text }) => text), ...found.flatMap(({ texts }) => texts)],
    };
  }
}

/** Reads a whole journal for what a purge is about. */
export async function findPurged(
  store: HistoryStore,
  sessionId: string,
  of: { purge: Purge; upTo: number },
): Promise<PurgeFinds> {
  const passages = new Set(of.purge.passageIds);
  const trail = new Trail(of.purge);
  // Nothing is collected here: what was deleted long ago has to be found too.
  const doc = new Y.Doc({ gc: false });
  const range = { after: 0, upTo: of.upTo, docs: ['state', 'story'] };
  for await (const page of store.read(sessionId, range)) {
    for (const { kind, data } of page) {
      if (kind === 'update') Y.applyUpdate(doc, data);
      else trail.take(sessionEventSchema.parse(parse(data)));
    }
  }
  const found = rangesIn(doc, passages);
  doc.destroy();
  const { drafts, turns } = trail;
  return { passages, talk: new Set(of.purge.talkIds), ...trail.end(), drafts, turns, ...found };
}

/** What of the live state holds purged texts and goes before what is stored is rewritten, lest it be stored again. */
export function widening(state: SessionState, purge: Purge, finds: PurgeFinds): SessionEvent[] {
  const drafts = Object.keys(state.drafts).filter((id) => finds.drafts.has(draftDocument(id)));
  const holdIds = state.safety.holds.map(({ id }) => id).filter((id) => finds.holds.has(id));
  return [
    ...drafts.map((draftId) => ({ type: 'draft-discarded' as const, draftId })),
    ...(holdIds.length === 0 ? [] : [{ type: 'purge-widened' as const, purgeId: purge.id, holdIds }]),
  ];
}

function redactedEvent(event: SessionEvent, finds: PurgeFinds): SessionEvent | null {
  switch (event.type) {
    case 'session-created':
      return { ...event, state: purgedState(event.state, finds) };
    case 'talk-said':
      return finds.talk.has(event.line.id) ? { ...event, line: { ...event.line, text: '' } } : null;
    case 'text-held': {
      if (!finds.holds.has(event.hold.id)) return null;
      return { ...event, hold: { ...event.hold, texts: [], direction: null, appeal: null } };
    }
    case 'hold-undone':
      return finds.holds.has(event.holdId) ? { ...event, texts: [] } : null;
    case 'hold-appealed':
      return finds.holds.has(event.holdId) ? { ...event, text: '' } : null;
    case 'hold-decided':
      return finds.holds.has(event.holdId) ? { ...event, note: '' } : null;
    case 'narrator-asked':
      return finds.turns.has(event.turn.turnId)
        ? { ...event, turn: { ...event.turn, direction: null } }
        : null;
    case 'report-filed': {
      const { about } = event.report;
      const isAbout = finds.passages.has(about.id) || finds.talk.has(about.id);
      return isAbout ? { ...event, report: { ...event.report, text: '' } } : null;
    }
    default:
      return null;
  }
}

/** Either an event, or, in a snapshot, a whole state. */
function redactedJson(data: Uint8Array, finds: PurgeFinds): Uint8Array | null {
  const value = parse(data);
  const event = sessionEventSchema.safeParse(value);
  const next: SessionEvent | SessionState | null = event.success
    ? redactedEvent(event.data, finds)
    : purgedState(sessionStateSchema.parse(value), finds);
  return next === null ? null : encoder.encode(JSON.stringify(next));
}

/** What takes the place of records that hold purged texts. */
export function purgeRewrite(finds: PurgeFinds): Rewrite {
  return ({ kind, doc, data }) => {
    if (kind === 'event') return redactedJson(data, finds);
    if (doc === 'story') return redactUpdate(data, finds.ranges);
    return finds.drafts.has(doc) ? NOTHING : null;
  };
}

/** What the narrator saw, without purged texts; null: it was asked to write one of them. */
export function purgedSight(record: GenerationRecord, finds: PurgeFinds): GenerationRecord | null {
  if (finds.passages.has(record.passageId)) return null;
  const isGone = (id: string | null) => id !== null && (finds.passages.has(id) || finds.items.has(id));
  return { ...record, parts: record.parts.map((part) => (isGone(part.id) ? { ...part, text: '' } : part)) };
}
