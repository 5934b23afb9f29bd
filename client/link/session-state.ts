import type { MonitorView } from '../../sessions/monitor-view.ts';
import type { Role } from '../../sessions/protocol.ts';
import type { DeskView } from '../../sessions/safety-view.ts';
import type { SessionView, TalkLine } from '../../sessions/view.ts';
import type { Failure } from '../common/failure.ts';

/** Everything this page knows of its session besides documents. */
export interface SessionState {
  /** joining: never connected yet; live: connected; away: reconnecting by itself; ended: it will not come back. */
  phase: 'joining' | 'live' | 'away' | 'ended';
  ended: Failure | null;
  you: { playerId: string; role: Role } | null;
  /** When this player's last connection before this one ended, epoch ms; null: there was none. */
  lastSeenAt: number | null;
  view: SessionView | null;
  /** What only this player sees. */
  desk: DeskView;
  /** How the session is doing; null for all but game masters, and before it is first told. */
  health: MonitorView | null;
  /** Why the text that is being typed would not pass as it stands, and when that was said. */
  hint: { text: string; at: number } | null;
  talk: readonly TalkLine[];
  /** Server clock minus this clock, ms: deadlines are shown by the server's clock. */
  skewMs: number;
  /** The server speaks a newer protocol than this page. */
  isOutdated: boolean;
}

/** A session in which this player has a seat and whose view has arrived. */
export interface Seat {
  playerId: string;
  role: Role;
  view: SessionView;
}

const EMPTY_DESK: DeskView = {
  notes: [],
  lines: [],
  veils: [],
  mutedUntil: null,
  isReadOnly: false,
  isAway: false,
  helpText: '',
  review: null,
};

/** The state of a page that has just been opened. */
export const FIRST_STATE: SessionState = {
  phase: 'joining',
  ended: null,
  you: null,
  lastSeenAt: null,
  view: null,
  desk: EMPTY_DESK,
  health: null,
  hint: null,
  talk: [],
  skewMs: 0,
  isOutdated: false,
};
