import { refuse } from '../errors.ts';
import type { Command, CommandName } from '../protocol.ts';
import { can, type Action } from '../roles.ts';
import { addCast, changeCast, playCast, removeCast, voiceCast } from './cast.ts';
import type { DecideContext, Decision, Handler } from './decision.ts';
import { commitDraft, discardDraft, openDraft, submitDraft, withdrawDraft } from './drafts.ts';
import { beginScene, createBranch, renameBranch, saveCheckpoint, switchBranch } from './history.ts';
import { addMemory, deleteMemory, editMemory, pinMemory } from './memory.ts';
import { addThread, markThread, muteIssue, remindThread } from './monitor.ts';
import { purge } from './purge.ts';
import { answerRollback, cancelRollback, executeRollback, previewRollback } from './rollback.ts';
import { askNarrator, retryNarrator, stopNarrator } from './narrator-commands.ts';
import { chooseAlternative, reopenPassage, restorePassage, strikePassage } from './passages.ts';
import { changeRole, readmitPlayer, removePlayer, renamePlayer } from './people.ts';
import { kickPlayer, mutePlayer, restraintOn, restrictPlayer, setSlowMode } from './restraints.ts';
import { appealHold, decideHold, undoHold } from './review.ts';
import {
  closeReport,
  closeRequest,
  fileReport,
  giveSignal,
  playXCard,
  setAgreement,
  setNarratorMode,
  setTopics,
} from './safety.ts';
import { changeSettings, sayTalk } from './settings.ts';
import { changeTurnMode, giveTurn, passTurn, reorderTurns, resolveRound } from './turn-commands.ts';

/** One row per command: the role it takes, and the handler that decides the rest. */
const TABLE: { [N in CommandName]: readonly [Action, Handler<N>] } = {
  'draft:open': ['write', openDraft],
  'draft:commit': ['write', commitDraft],
  'draft:discard': ['write', discardDraft],
  'passage:reopen': ['write', reopenPassage],
  'passage:strike': ['write', strikePassage],
  'passage:restore': ['write', restorePassage],
  'passage:choose': ['choose-alternative', chooseAlternative],
  'turn:submit': ['write', submitDraft],
  'turn:withdraw': ['write', withdrawDraft],
  'turn:resolve': ['direct-turns', resolveRound],
  'turn:pass': ['write', passTurn],
  'turn:give': ['direct-turns', giveTurn],
  'turn:reorder': ['direct-turns', reorderTurns],
  'turn:mode': ['direct-turns', changeTurnMode],
  'narrator:ask': ['ask-narrator', askNarrator],
  'narrator:retry': ['ask-narrator', retryNarrator],
  'narrator:stop': ['ask-narrator', stopNarrator],
  'talk:say': ['talk', sayTalk],
  'session:settings': ['change-settings', changeSettings],
  'cast:add': ['change-cast', addCast],
  'cast:change': ['change-cast', changeCast],
  'cast:remove': ['change-cast', removeCast],
  'cast:play': ['play-cast', playCast],
  'cast:voice': ['play-cast', voiceCast],
  'player:rename': ['rename-self', renamePlayer],
  'player:role': ['change-roles', changeRole],
  'player:remove': ['remove-players', removePlayer],
  'player:readmit': ['remove-players', readmitPlayer],
  'player:kick': ['restrain-players', kickPlayer],
  'player:mute': ['restrain-players', mutePlayer],
  'player:restrict': ['restrain-players', restrictPlayer],
  'session:slow': ['restrain-players', setSlowMode],
  'session:zero': ['change-settings', setAgreement],
  'safety:topics': ['use-safety-tools', setTopics],
  'safety:x-card': ['use-safety-tools', playXCard],
  'safety:signal': ['use-safety-tools', giveSignal],
  'request:close': ['review', closeRequest],
  'narrator:mode': ['direct-narrator', setNarratorMode],
  'hold:decide': ['review', decideHold],
  'hold:undo': ['review', undoHold],
  'hold:appeal': ['appeal', appealHold],
  'report:file': ['report', fileReport],
  'report:close': ['review', closeReport],
  'scene:begin': ['direct-story', beginScene],
  'checkpoint:save': ['save-checkpoints', saveCheckpoint],
  'branch:create': ['direct-story', createBranch],
  'branch:rename': ['direct-story', renameBranch],
  'branch:switch': ['direct-story', switchBranch],
  'rollback:preview': ['direct-story', previewRollback],
  'rollback:execute': ['direct-story', executeRollback],
  'rollback:cancel': ['direct-story', cancelRollback],
  'rollback:answer': ['write', answerRollback],
  'memory:add': ['edit-memory', addMemory],
  'memory:edit': ['edit-memory', editMemory],
  'memory:pin': ['edit-memory', pinMemory],
  'memory:delete': ['edit-memory', deleteMemory],
  'monitor:mute': ['direct-story', muteIssue],
  'thread:add': ['direct-story', addThread],
  'thread:mark': ['direct-story', markThread],
  'thread:remind': ['direct-narrator', remindThread],
  'session:purge': ['purge', purge],
};

/** Decides a parsed command: refusal, or what follows from it. Pure; changes nothing. */
export function decide(context: DecideContext, command: Command): Decision {
  const [action, handler] = TABLE[command.name] as readonly [
    Action,
    (c: DecideContext, p: unknown) => Decision,
  ];
  if (!can(context.player.role, action)) return refuse('ROLE_FORBIDS');
  return restraintOn(context, command.name) ?? handler(context, command.payload);
}
