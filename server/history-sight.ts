import { partSources, type GenerationRecord, type PromptPart, type SightView } from '../sessions/sight.ts';

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
  const { memorySources: _sources, parts, ...facts } = record;
  const seen = parts.map((part) => {
    const isHidden = mustHide(part, record, viewer);
    return { ...part, text: isHidden ? '' : part.text, isHidden };
  });
  return { ...facts, parts: seen };
}

function mustHide(part: PromptPart, record: GenerationRecord, viewer: SightViewer): boolean {
  if (part.kind === 'guidance') return !viewer.isMaster;
  const sources = partSources(part, record);
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
