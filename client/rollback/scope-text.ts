import type { CheckpointView, RollbackScope } from '../../sessions/history-view.ts';
import { ROLLBACK } from './rollback-strings.ts';
import { momentText } from './scope-times.ts';

const { scope: words, checkpoints } = ROLLBACK;

/** What a rollback takes back, in words. */
export function scopeText(scope: RollbackScope, nameOf: (playerId: string) => string): string {
  switch (scope.kind) {
    case 'point':
      if ('checkpointId' in scope.to) return words.checkpoint;
      if ('time' in scope.to) return words.moment(momentText(scope.to.time));
      return scope.to.passageId === null ? words.beginning : words.behind;
    case 'passage':
      return words.passage;
    case 'player':
      return words.player(nameOf(scope.playerId));
    case 'version':
      return words.version(scope.version);
    case 'undo':
      return words.undo;
  }
}

/** A checkpoint in a list: when, and what it is. */
export function checkpointText({ kind, name, at }: CheckpointView): string {
  const what = kind === 'named' || kind === 'scene' ? checkpoints[kind](name) : checkpoints[kind];
  return checkpoints.at(what, momentText(at));
}
