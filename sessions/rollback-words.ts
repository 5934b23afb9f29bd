import type { DecideContext } from './commands/decision.ts';
import type { RollbackScope } from './history-view.ts';

// What a rollback did, in words for everybody (K12). Names of players, never story text.

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}

function opening({ state }: Pick<DecideContext, 'state'>, scope: RollbackScope): string {
  switch (scope.kind) {
    case 'point': {
      const { to } = scope;
      if ('passageId' in to) return 'The story goes on from an earlier passage';
      if ('time' in to) return 'The story went back to an earlier moment';
      const name = state.history.checkpoints.find(({ id }) => id === to.checkpointId)?.name ?? '';
      return name === '' ? 'The story went back to a checkpoint' : `The story went back to “${name}”`;
    }
    case 'passage':
      return 'A passage was taken back';
    case 'player':
      return `Contributions of ${state.players[scope.playerId]?.name ?? 'a player'} were taken back`;
    case 'version':
      return 'Passages of one version of the narrator were taken back';
    case 'undo':
      return 'A rollback was taken back';
  }
}

/** One sentence about what happened, and the reason when one was given. */
export function summaryOf(
  context: Pick<DecideContext, 'state'>,
  of: { scope: RollbackScope; reason: string },
  did: {
    struck: readonly string[];
    restored: readonly string[];
    changed: readonly string[];
    isBranch: boolean;
  },
): string {
  const parts = [
    did.struck.length > 0 ? `${count(did.struck.length, 'passage')} went` : '',
    did.restored.length > 0 ? `${count(did.restored.length, 'passage')} came back` : '',
    did.changed.length > 0 ? `${count(did.changed.length, 'passage')} changed` : '',
  ].filter((part) => part !== '');
  const reason = of.reason === '' ? '' : ` Reason: ${of.reason}`;
  if (did.isBranch)
    return `You go on where you are. The story without ${count(did.struck.length + did.changed.length, 'passage')} waits on a branch of its own.${reason}`;
  return `${opening(context, of.scope)}${parts.length === 0 ? '' : `: ${parts.join(', ')}`}.${reason}`;
}
