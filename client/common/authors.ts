import { NARRATOR } from '../../sessions/story-shape.ts';
import type { PlayerView } from '../../sessions/view.ts';
import { useSlice } from '../link/session-context.ts';
import { TEXT } from '../strings.ts';

/** Names and colours of everybody who has written here. Made once per change of the players. */
export interface Authors {
  nameOf: (author: string) => string;
  /** Class name that carries the author's colour. */
  colourOf: (author: string) => string;
}

const cache = new WeakMap<readonly PlayerView[], Authors>();

/** Looks authors up in a list of players; the narrator is an author of its own. */
function authorsOf(players: readonly PlayerView[]): Authors {
  const known = cache.get(players);
  if (known !== undefined) return known;
  const byId = new Map(players.map((player) => [player.id, player]));
  const authors: Authors = {
    nameOf: (author) =>
      author === NARRATOR ? TEXT.app.narrator : (byId.get(author)?.name ?? TEXT.app.someone),
    colourOf: (author) => {
      const player = byId.get(author);
      if (player !== undefined) return `author-${player.colour % 12}`;
      return author === NARRATOR ? 'author-narrator' : 'author-unknown';
    },
  };
  cache.set(players, authors);
  return authors;
}

/** The authors of the open session. */
export function useAuthors(): Authors {
  return authorsOf(useSlice('players'));
}
