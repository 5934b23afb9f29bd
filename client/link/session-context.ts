import { createContext, useContext } from 'react';
import type { DeskView } from '../../sessions/safety-view.ts';
import type { SessionView } from '../../sessions/view.ts';
import { useStorePart } from '../common/store.ts';
import type { DraftShelf } from '../draft/draft-shelf.ts';
import type { StoryDocument } from '../story/story-document.ts';
import type { SessionLink } from './session-link.ts';
import type { Seat, SessionState } from './session-state.ts';

/** Everything a session page holds open. */
export interface Table {
  session: SessionLink;
  story: StoryDocument;
  shelf: DraftShelf;
}

/** Carries the open session to the components inside it. */
export const TableContext = createContext<Table | null>(null);

/** The open session. Only inside a session page. */
export function useTable(): Table {
  const table = useContext(TableContext);
  if (table === null) throw new Error('There is no open session around this component.');
  return table;
}

/** A part of the session's state; renders again only when that part is replaced. */
export function useSessionPart<P>(pick: (state: SessionState) => P): P {
  return useStorePart(useTable().session.state, pick);
}

/** A slice of the session's view. Only below the point where the view has arrived. */
export function useSlice<K extends keyof SessionView>(name: K): SessionView[K] {
  return useSessionPart((state) => seatOf(state).view[name]);
}

/** What only this player sees. */
export function useDesk(): DeskView {
  return useSessionPart((state) => state.desk);
}

/** This player's seat. Only below the point where the view has arrived. */
export function useYou(): NonNullable<SessionState['you']> {
  return useSessionPart((state) => seatOf(state).you);
}

/** Whether commands can reach the server now. */
export function useIsLive(): boolean {
  return useSessionPart((state) => state.phase === 'live');
}

function seatOf(state: SessionState): { you: NonNullable<SessionState['you']>; view: Seat['view'] } {
  if (state.you === null || state.view === null) throw new Error('The session has not been opened yet.');
  return { you: state.you, view: state.view };
}
