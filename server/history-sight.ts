import type { GenerationRecord, PromptPart, SightView } from '../sessions/sight.ts';

/** How a passage stands now, as far as what the narrator once read of it goes. */
export interface PassageSight {
  /** It is part of the story, or of one of its branches. */
  isShown: boolean;
  /** Its text was removed for good. */
  isPurged: boolean;
  /** Until when its past is out of sight, epoch ms; null: it never was. */
  sealedUntil: number | null;
}

export interface SightViewer {
  isMaster: boolean;
  /** Null: there is no such passage. */
  passage: (id: string) => PassageSight | null;
  /** Whether the narrator's memory still has an item. */
  remembers: (itemId: string) => boolean;
}

/** E5: what of a record somebody may read, see `SightView`. */
export function sightView(record: GenerationRecord, viewer: SightViewer): SightView {
  const { memorySources, parts, ...facts } = record;
  const seen = parts.map((part) => {
    const isHidden = mustHide(part, { record, memorySources, viewer });
    return { ...part, text: isHidden ? '' : part.text, isHidden };
  });
  return { ...facts, parts: seen };
}

/** The passages that a part tells of; what stood there when it was tried once more is of the passage itself. */
function sourcesOf(
  { kind, id }: PromptPart,
  { record, memorySources }: { record: GenerationRecord; memorySources: Record<string, string[]> },
): readonly string[] {
  if (kind === 'written') return [record.passageId];
  if (kind === 'passage') return id === null ? [] : [id];
  return id !== null && Object.hasOwn(memorySources, id) ? (memorySources[id] ?? []) : [];
}

function mustHide(
  part: PromptPart,
  of: { record: GenerationRecord; memorySources: Record<string, string[]>; viewer: SightViewer },
): boolean {
  const { record, viewer } = of;
  if (part.kind === 'guidance') return !viewer.isMaster;
  const sources = sourcesOf(part, of);
  // What people wrote counts until they delete it.
  const isItem = part.kind === 'fact' || part.kind === 'summary';
  if (isItem && sources.length === 0 && !viewer.isMaster && !viewer.remembers(part.id ?? '')) return true;
  return sources.some((source) => {
    const passage = viewer.passage(source);
    if (passage?.isPurged !== false) return true;
    // B2: what it held while a safety tool kept it out of sight stays there, whatever it holds by now.
    const wasSealed = passage.sealedUntil !== null && passage.sealedUntil >= record.at;
    return !viewer.isMaster && (!passage.isShown || wasSealed);
  });
}
