import { between, seededRandom } from './random.ts';
import { prose } from './typing.ts';

/** One transaction of a writer: either an insertion or a removal at `at`. */
export interface Edit {
  at: number;
  remove: number;
  insert: string;
}

/**
 * An invented editing session of `count` edits: bursts of single characters, backspaces, jumps of the cursor,
 * removed ranges and pasted lines. The text never grows beyond `maxLength`, and the last edit is an insertion.
 */
export function generateTrace(seed: number, count: number, maxLength = 15_000): Edit[] {
  const random = seededRandom(seed);
  const edits: Edit[] = [];
  let length = 0;
  let cursor = 0;
  const insert = (text: string): void => {
    edits.push({ at: cursor, remove: 0, insert: text });
    cursor += text.length;
    length += text.length;
  };
  const remove = (characters: number): void => {
    cursor -= characters;
    length -= characters;
    edits.push({ at: cursor, remove: characters, insert: '' });
  };
  while (edits.length < count - 1) {
    const what = random();
    const isFull = length > maxLength - 200;
    if (isFull || (what < 0.04 && cursor > 80)) remove(Math.min(cursor, between(random, 5, 60)));
    else if (what < 0.06) insert(prose(random, between(random, 20, 80)));
    else if (what < 0.2) for (let n = Math.min(cursor, between(random, 1, 8)); n > 0; n--) remove(1);
    else for (const character of prose(random, between(random, 5, 60))) insert(character);
    if (random() < 0.15 || (isFull && cursor < 60)) cursor = between(random, 0, length);
  }
  edits.length = count - 1;
  const kept = edits.reduce((sum, edit) => sum + edit.insert.length - edit.remove, 0);
  edits.push({ at: kept, remove: 0, insert: '.' });
  return edits;
}
