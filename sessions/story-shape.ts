import type * as Y from 'yjs';

/** Attribute of story text that names its author: a player id, or `narrator`. */
export const AUTHOR_ATTRIBUTE = 'author';
/** The author id of the narrator. */
export const NARRATOR = 'narrator';
/** Name of the one shared type of a draft document: a flat Y.Text, so that no edit can re-own others' words. */
export const DRAFT_TEXT = 'text';

/** A run of text by one author. */
export interface Span {
  author: string;
  text: string;
}

export type PassageState = 'shown' | 'held' | 'struck';

/** How a narrator alternative came to be. */
export interface AlternativeInfo {
  model?: string;
  /** Which version of the narrator wrote it, see `NarratorSight.version`. */
  version?: string;
  direction?: string;
  castId?: string;
  /** Why it ended: the model's own end, its token cap, stopped by a player, broken off, or the rest is held. */
  finish?: 'end' | 'cap' | 'stopped' | 'broken' | 'held';
}

export interface Alternative {
  id: string;
  /** 'streaming' while the narrator is writing it. */
  state: 'streaming' | 'complete';
  at: number;
  /** How often its text was rewritten, and when last (epoch ms; null: never). */
  edits: number;
  editedAt: number | null;
  info: AlternativeInfo;
  spans: Span[];
}

/** A passage as everybody reads it from the story document. */
export interface Passage {
  id: string;
  kind: 'player' | 'narrator';
  /** The player who opened it, or `narrator`. */
  by: string;
  turnId: string;
  castId: string | null;
  createdAt: number;
  /** The branch it was written on; absent: the main one. */
  branchId?: string;
  state: PassageState;
  /** The rollback that struck it; null: none did. */
  rollbackId: string | null;
  /** Its text was removed for good, from history too. */
  isPurged: boolean;
  /** Index into `alternatives` of the one that is part of the story. */
  chosen: number;
  alternatives: Alternative[];
}

/** What never changes about a passage; stored as one value. */
export interface PassageMeta {
  kind: 'player' | 'narrator';
  by: string;
  turnId: string;
  castId: string | null;
  createdAt: number;
  branchId?: string;
}

/** Ids of all passages in story order, struck ones included. */
export function passageOrder(story: Y.Doc): Y.Array<string> {
  return story.getArray<string>('order');
}

/** Passages by id; each value holds `meta`, `state`, `chosen` and `alternatives`. */
export function passageMap(story: Y.Doc): Y.Map<Y.Map<unknown>> {
  return story.getMap<Y.Map<unknown>>('passages');
}

/** Author runs of a story text. */
export function readSpans(text: Y.Text): Span[] {
  const spans: Span[] = [];
  for (const part of text.toDelta() as { insert: unknown; attributes?: Record<string, unknown> }[]) {
    if (typeof part.insert !== 'string') continue;
    const named = part.attributes?.[AUTHOR_ATTRIBUTE];
    const author = typeof named === 'string' ? named : NARRATOR;
    const last = spans.at(-1);
    if (last?.author === author) last.text += part.insert;
    else spans.push({ author, text: part.insert });
  }
  return spans;
}

/** The text of a list of spans. */
export function spansText(spans: readonly Span[]): string {
  return spans.map((span) => span.text).join('');
}

/** What a passage says, with its authors: the alternative that is part of the story. [] without a passage. */
export function chosenSpans(passage: Pick<Passage, 'alternatives' | 'chosen'> | null | undefined): Span[] {
  return passage?.alternatives[passage.chosen]?.spans ?? [];
}

/** The same without authors. */
export function chosenText(passage: Pick<Passage, 'alternatives' | 'chosen'> | null | undefined): string {
  return spansText(chosenSpans(passage));
}

function readAlternative(map: Y.Map<unknown>): Alternative {
  return {
    id: map.get('id') as string,
    state: map.get('state') as Alternative['state'],
    at: map.get('at') as number,
    edits: (map.get('edits') as number | undefined) ?? 0,
    editedAt: (map.get('editedAt') as number | undefined) ?? null,
    info: map.get('info') ?? {},
    spans: readSpans(map.get('text') as Y.Text),
  };
}

/** A plain copy of one passage of the story document. */
export function readPassage(id: string, map: Y.Map<unknown>): Passage {
  const alternatives = (map.get('alternatives') as Y.Array<Y.Map<unknown>>).map(readAlternative);
  return {
    id,
    ...(map.get('meta') as PassageMeta),
    state: map.get('state') as PassageState,
    rollbackId: (map.get('rollbackId') as string | undefined) ?? null,
    isPurged: map.get('isPurged') === true,
    chosen: Math.min(map.get('chosen') as number, alternatives.length - 1),
    alternatives,
  };
}

/** All passages in order, struck ones included. */
export function readStory(story: Y.Doc): Passage[] {
  const passages = passageMap(story);
  return passageOrder(story)
    .toArray()
    .flatMap((id) => {
      const map = passages.get(id);
      return map === undefined ? [] : [readPassage(id, map)];
    });
}

/** The texts of all alternatives with their authors: the one that is part of the story first. */
export function alternativeTexts({
  alternatives,
  chosen,
}: Passage): { alternativeId: string; spans: Span[] }[] {
  const texts = alternatives.map(({ id, spans }) => ({ alternativeId: id, spans }));
  return [...texts.slice(chosen, chosen + 1), ...texts.filter((_, index) => index !== chosen)];
}
