import { spokenParts } from '../spoken-parts.ts';
import { utteranceFinder } from '../voice-guard.ts';

/** Who says what in a passage. */
export interface Dialogue {
  /** What each character says, in order; only of those that were asked for. */
  said: ReadonlyMap<string, string[]>;
  /** What nobody says: the telling. */
  told: string;
}

/** `Ann: I will not.` has no quotation marks. */
function scriptLine(utterance: string): string[] {
  const line = /^[\s*_>-]*[^:\n]{1,80}:\s*(.+)$/su.exec(utterance.trim());
  return line === null ? [] : [line[1] ?? ''];
}

function spokenIn(text: string): string[] {
  return spokenParts(text, false).parts.map((part) => part.trim());
}

function paragraphsOf(text: string): string[] {
  return text.split(/\n+/u).filter((paragraph) => paragraph.trim() !== '');
}

/**
 * Tells who says what, by what the prose itself says about it ("Go," Ann said; `Ann: Go.`). Where one character is
 * named as the speaker of a paragraph all speech in it is theirs; speech of nobody named is `speaker`'s, when the
 * narrator was asked to speak as that one, else nobody's. `names`: those that are asked for; `others`: the rest of the
 * cast. English prose, as the voice guard.
 */
export function dialogueOf(
  text: string,
  of: { names: readonly string[]; others: readonly string[]; speaker: string | null },
): Dialogue {
  const all = [...of.names, ...of.others];
  const finders = all
    .filter((name) => name.trim() !== '')
    .map((name) => ({
      name,
      words: name
        .toLowerCase()
        .split(/[\s.]+/u)
        .filter((word) => word !== ''),
      find: utteranceFinder(
        name,
        all.filter((other) => other !== name),
      ),
    }));
  const said = new Map<string, string[]>(of.names.map((name) => [name, []]));
  const told: string[] = [];
  for (const paragraph of paragraphsOf(text)) {
    const lower = paragraph.toLowerCase();
    const found = finders
      // Who is not named in it is not named as its speaker.
      .filter(({ words }) => words.some((word) => lower.includes(word)))
      .map(({ name, find }) => ({ name, utterances: find(paragraph) }))
      .filter(({ utterances }) => utterances.length > 0);
    const outside = spokenParts(paragraph, false).told;
    const spoken = spokenIn(paragraph);
    const [only] = found;
    if (found.length === 1 && only !== undefined) {
      const parts = spoken.length > 0 ? spoken : only.utterances.flatMap(scriptLine);
      said.get(only.name)?.push(...parts);
    } else if (found.length === 0 && of.speaker !== null) said.get(of.speaker)?.push(...spoken);
    else for (const { name, utterances } of found) said.get(name)?.push(...utterances.flatMap(spokenIn));
    told.push(outside);
  }
  return { said, told: told.join('\n') };
}
