import type { SessionKernel } from './kernel.ts';
import { partSources, type NarratorSight } from './sight.ts';
import { passageMap } from './story-shape.ts';

/** What was known of a prompt when it was made. */
export interface PromptSources {
  /** Epoch ms. */
  at: number;
  /** Passages that the memory items in it tell of: item id -> passage ids. */
  memory: Record<string, string[]>;
}

/** B2, G1: purged, or put out of sight by a safety tool, since a moment (epoch ms). */
function isOutOfSight({ state, story }: SessionKernel, passageId: string, since: number): boolean {
  const passage = passageMap(story.doc).get(passageId);
  if (passage === undefined || passage.get('isPurged') === true || passage.get('state') === 'held')
    return true;
  const { sealed } = state.history;
  return Object.hasOwn(sealed, passageId) && (sealed[passageId] ?? 0) >= since;
}

/**
 * What the narrator was given for a passage, as it may be kept now that its turn is over: without what was purged or
 * put out of sight while it wrote. Null: the passage itself was purged.
 */
export function keptSight(
  kernel: SessionKernel,
  sight: NarratorSight,
  of: { passageId: string; sources: PromptSources },
): NarratorSight | null {
  if (passageMap(kernel.story.doc).get(of.passageId)?.get('isPurged') === true) return null;
  const { at, memory: memorySources } = of.sources;
  const parts = sight.parts.map((part) =>
    partSources(part, { passageId: of.passageId, memorySources }).some((id) => isOutOfSight(kernel, id, at))
      ? { ...part, text: '' }
      : part,
  );
  return { ...sight, parts };
}
