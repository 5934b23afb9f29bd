import type { Archive } from '../../sessions/archive-shape.ts';

const WORDS = 'the boat lay where nobody had left it and the tide went out without a sound'.split(' ');

/** Readable text of exactly so many characters, different for each number. */
function prose(number: number, characters: number): string {
  let text = `${number}.`;
  for (let at = number; text.length < characters; at += 7) text += ` ${WORDS[at % WORDS.length]}`;
  return text.slice(0, characters).replace(/ $/, '.');
}

/** An archive of a story with so many passages of so many characters, written by two players in turn. */
export function storyArchive(of: { passages: number; characters: number }): Archive {
  const createdAt = Date.UTC(2026, 0, 1);
  const players = ['ann', 'bo'].map((id, colour) => ({ id, name: id.toUpperCase(), role: 'writer', colour }));
  return {
    format: 'taleloom-archive',
    version: 1,
    exportedAt: new Date(createdAt).toISOString(),
    session: {
      title: 'The Long Tide',
      premise: 'Two keepers, one lighthouse.',
      rating: 'teen',
      draftVisibility: 'live',
      autoCommitIdleMs: null,
      turnMode: 'free',
      timerSeconds: null,
      createdAt,
    },
    cast: [{ id: 'keeper', name: 'The Keeper', description: 'Counts ships.' }],
    players,
    passages: Array.from({ length: of.passages }, (_, index) => {
      const author = index % 2 === 0 ? 'ann' : 'bo';
      return {
        id: `p${index}`,
        kind: 'player',
        by: author,
        turnId: `t${index}`,
        castId: null,
        createdAt: createdAt + index,
        state: 'shown',
        chosen: 0,
        alternatives: [
          {
            id: `a${index}`,
            at: createdAt + index,
            info: {},
            spans: [{ author, text: prose(index, of.characters) }],
          },
        ],
      };
    }),
    talk: [],
  };
}
