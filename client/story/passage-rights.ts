import type { Passage } from '../../sessions/story-shape.ts';
import { can } from '../../sessions/roles.ts';
import type { SessionState } from '../link/session-state.ts';
import { useYou } from '../link/session-context.ts';

/** What this player may do with one passage. The server decides; this only hides what it would refuse. */
export interface PassageRights {
  mayRetry: boolean;
  mayReopen: boolean;
  mayStrike: boolean;
  mayRestore: boolean;
  mayChoose: boolean;
}

/** Rights of a player on a passage. */
export function passageRights(passage: Passage, you: NonNullable<SessionState['you']>): PassageRights {
  const isOwn = passage.by === you.playerId && can(you.role, 'write');
  const isMine = isOwn || can(you.role, 'edit-any-passage');
  const isBusy = passage.alternatives.some((alternative) => alternative.state === 'streaming');
  const isNarrated = passage.kind === 'narrator';
  return {
    mayRetry: isNarrated && !isBusy && can(you.role, 'ask-narrator'),
    mayReopen: isMine && !isBusy,
    mayStrike: isMine && !isBusy,
    mayRestore: isMine,
    mayChoose: can(you.role, 'choose-alternative') && !isBusy,
  };
}

/** Rights of the player at this page. */
export function usePassageRights(passage: Passage): PassageRights {
  return passageRights(passage, useYou());
}
