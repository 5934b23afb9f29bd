import type { SightView } from '../../sessions/sight.ts';
import { SIGHT } from './sight-strings.ts';

type Part = SightView['parts'][number];

/** Why the text of a part is not shown; null: it is. */
export function hiddenWhy({ kind, isHidden }: Part): string | null {
  if (!isHidden) return null;
  if (kind === 'passage') return SIGHT.hiddenWhy.passage;
  return kind === 'fact' || kind === 'summary' ? SIGHT.hiddenWhy.memory : SIGHT.hiddenWhy.other;
}

/** A part's name with what is to be said of it: its size, that it was cut, that it is not shown. */
export function partNotes({ text, isClipped, isHidden }: Part): string[] {
  return [isHidden ? SIGHT.hidden : SIGHT.size(text.length), ...(isClipped ? [SIGHT.clipped] : [])];
}

/** How a passage was written: names and values, in the order in which they are shown. */
export function figureRows(sight: SightView): (readonly [name: string, value: string])[] {
  const { sampling } = sight;
  return [
    [SIGHT.model, sight.model],
    [SIGHT.version, sight.version],
    [SIGHT.sampling, SIGHT.samplingOf(sampling.temperature, sampling.topP, sampling.minP)],
    [SIGHT.seed, sight.seed === null ? SIGHT.noSeed : String(sight.seed)],
    [
      SIGHT.tokens,
      SIGHT.tokensOf({
        prompt: sight.promptTokens,
        context: sight.contextTokens,
        output: sight.outputTokens,
        max: sight.maxTokens,
      }),
    ],
    [SIGHT.wait, SIGHT.waitOf(sight.waitMs)],
  ];
}

/** All of it as plain text, for a bug report or a note. */
export function sightText(sight: SightView): string {
  const figures = figureRows(sight).map(([name, value]) => `${name}: ${value}`);
  const parts = sight.parts.map((part) => {
    const head = `## ${SIGHT.kinds[part.kind]} (${partNotes(part).join(', ')})`;
    return `${head}\n${hiddenWhy(part) ?? part.text}`;
  });
  const dropped =
    sight.droppedPassageIds.length + sight.droppedMemoryIds.length === 0
      ? SIGHT.noneDropped
      : [
          SIGHT.droppedPassages(sight.droppedPassageIds.length),
          SIGHT.droppedMemory(sight.droppedMemoryIds.length),
        ].join(' ');
  return [SIGHT.title, ...figures, `${SIGHT.dropped}: ${dropped}`, '', parts.join('\n\n')].join('\n');
}
