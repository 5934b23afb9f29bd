import { can, isMaster } from '../../sessions/roles.ts';
import type { NarratorMode } from '../../sessions/protocol.ts';
import type { SafetyView } from '../../sessions/safety-view.ts';
import type { NarratorTurnView, TurnView } from '../../sessions/view.ts';
import type { SessionState } from '../link/session-state.ts';

type You = NonNullable<SessionState['you']>;

/** Whether the turn rules let a player open a passage now. The server decides; this keeps the page honest. */
export function mayOpenPassage(turn: TurnView, you: You): boolean {
  if (!can(you.role, 'write')) return false;
  switch (turn.mode) {
    case 'free':
    case 'round':
      return true;
    case 'ordered':
      return turn.current === you.playerId;
    case 'gm-calls':
      return turn.current === you.playerId || isMaster(you.role);
  }
}

/** Who speaks as the narrator now: the scene's mode, unless the operator wants people to. */
export function narratorModeOf({ narratorMode, flags }: SafetyView): NarratorMode {
  return flags.includes('human_only') ? 'human' : narratorMode;
}

/** Whether the scene lets a player ask the narrator model: nobody when people narrate, game masters in Copilot. */
export function isNarratorAskable(safety: SafetyView, you: You): boolean {
  const mode = narratorModeOf(safety);
  if (safety.isPaused || mode === 'human') return false;
  return mode !== 'copilot' || isMaster(you.role);
}

/** Whether a game master may write as the narrator in this scene. */
export function mayNarrate(safety: SafetyView, you: You): boolean {
  const mode = narratorModeOf(safety);
  return can(you.role, 'direct-narrator') && (mode === 'human' || mode === 'copilot');
}

/** Whether the turn rules let a player ask the narrator now. */
export function mayAskNarrator(turn: TurnView, you: You): boolean {
  if (!can(you.role, 'ask-narrator')) return false;
  return turn.mode === 'free' || isMaster(you.role) || turn.current === you.playerId;
}

/** Whether a player may pass the turn on: who has it, and game masters. */
export function mayPass(turn: TurnView, you: You): boolean {
  if (turn.current === null) return false;
  return turn.current === you.playerId || isMaster(you.role);
}

/** Whether a player may stop or cancel a narrator turn: who asked for it, and game masters. */
export function mayStopNarrator(turn: NarratorTurnView, you: You): boolean {
  return can(you.role, 'ask-narrator') && (turn.askedBy === you.playerId || isMaster(you.role));
}
