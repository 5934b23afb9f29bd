import { refuse, type Refusal } from '../errors.ts';
import type { CommandName } from '../protocol.ts';
import { isMaster } from '../roles.ts';
import { activePlayer } from '../state.ts';
import { isMuted, standingOf } from '../standing.ts';
import { advance } from '../turns.ts';
import { accept, type DecideContext, type Decision, type Handler } from './decision.ts';

const ASKS: ReadonlySet<CommandName> = new Set(['narrator:ask', 'narrator:retry']);
const CONTRIBUTIONS: ReadonlySet<CommandName> = new Set(['draft:commit', 'turn:submit', 'talk:say', ...ASKS]);
/** What goes into the story: not while the game is paused. */
const STORY: ReadonlySet<CommandName> = new Set(['draft:commit', 'turn:resolve', 'passage:restore']);
/** What somebody who only reads along may not do, beside contributing. */
const WRITES: ReadonlySet<CommandName> = new Set([
  'draft:open',
  'passage:reopen',
  'passage:strike',
  'passage:restore',
  'passage:choose',
  'memory:add',
  'memory:edit',
  'memory:pin',
  'memory:delete',
  'checkpoint:save',
  'rollback:answer',
  'cast:play',
]);

const MINUTE_MS = 60_000;

function ofPlayer({ state, player, now }: DecideContext, name: CommandName): Refusal | null {
  const standing = standingOf(state, player.id);
  if (standing.isReadOnly && (CONTRIBUTIONS.has(name) || WRITES.has(name))) return refuse('PLAYER_READ_ONLY');
  if (isMuted(standing, now) && (CONTRIBUTIONS.has(name) || name === 'player:rename')) {
    return refuse('PLAYER_MUTED', null, (standing.mutedUntil ?? now) - now);
  }
  const { slowSeconds } = state.safety;
  if (slowSeconds === null || isMaster(player.role) || !CONTRIBUTIONS.has(name)) return null;
  const saidAt = state.talk.findLast((line) => line.by === player.id)?.at ?? 0;
  const leftMs = Math.max(standing.at, saidAt) + slowSeconds * 1_000 - now;
  if (leftMs <= 0) return null;
  return refuse('SLOW_MODE', `You can go on in ${Math.ceil(leftMs / 1_000)} s.`, leftMs);
}

function ofNarrator({ state, player, flags }: DecideContext): Refusal | null {
  if (flags.has('narrator_off'))
    return refuse('NARRATOR_OFF', 'The operator has switched the narrator off for now.');
  if (state.safety.isPaused) return refuse('NARRATOR_PAUSED');
  const { narratorMode } = state.safety;
  if (flags.has('human_only'))
    return refuse('NARRATOR_HUMAN', 'The operator has left narrating to people for now.');
  if (narratorMode === 'human') return refuse('NARRATOR_HUMAN');
  if (narratorMode !== 'copilot' || isMaster(player.role)) return null;
  return refuse('NARRATOR_HUMAN', 'In this scene the narrator whispers to the game master only.');
}

/** S3, S9, S10, S13: what game masters, the pause and operators keep somebody from doing now; null: nothing. */
export function restraintOn(context: DecideContext, name: CommandName): Refusal | null {
  const restraint = ofPlayer(context, name);
  if (restraint !== null) return restraint;
  if (context.state.safety.isPaused && STORY.has(name)) return refuse('GAME_PAUSED');
  return ASKS.has(name) ? ofNarrator(context) : null;
}

/** The player if the acting game master may restrain them: not the owner, and game masters only by the owner. */
function restrained({ state, player }: DecideContext, playerId: string): Refusal | null {
  const other = activePlayer(state, playerId);
  if (other === null) return refuse('PLAYER_UNKNOWN');
  if (other.role === 'owner') return refuse('OWNER_STAYS');
  return other.role === 'gm' && player.role !== 'owner' ? refuse('ROLE_FORBIDS') : null;
}

/** Mutes a player for a time, or lets them speak again. */
export const mutePlayer: Handler<'player:mute'> = (context, { playerId, minutes }): Decision => {
  const refusal = restrained(context, playerId);
  if (refusal !== null) return refusal;
  const mutedUntil = minutes === null ? null : context.now + minutes * MINUTE_MS;
  const standing = { ...standingOf(context.state, playerId), mutedUntil };
  return accept({ events: [{ type: 'standing-changed', playerId, standing }] });
};

/** Lets a player only read along, or write again. */
export const restrictPlayer: Handler<'player:restrict'> = (context, { playerId, isReadOnly }): Decision => {
  const refusal = restrained(context, playerId);
  if (refusal !== null) return refusal;
  const standing = { ...standingOf(context.state, playerId), isReadOnly };
  return accept({ events: [{ type: 'standing-changed', playerId, standing }] });
};

/** Closes a player's connections; their turn passes on, and they may come back. */
export const kickPlayer: Handler<'player:kick'> = (context, { playerId }): Decision => {
  const refusal = restrained(context, playerId);
  if (refusal !== null) return refusal;
  const { turn } = context.state;
  const next = turn.current === playerId ? advance(turn, context.isPresent, context.now) : turn;
  const passes = next === turn ? [] : [{ type: 'turn-changed' as const, turn: next }];
  return accept({ events: [{ type: 'player-kicked', playerId }, ...passes] });
};

/** Sets how long players wait between two contributions. */
export const setSlowMode: Handler<'session:slow'> = (_context, { seconds }) =>
  accept({ events: [{ type: 'slow-mode-changed', seconds }] });
