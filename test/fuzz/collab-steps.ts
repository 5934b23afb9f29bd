import type { CollabRun } from './collab-run.ts';

/** What may happen next, and how often. */
export type Step = readonly [weight: number, name: string, step: (run: CollabRun) => void | Promise<void>];

export const STEPS: readonly Step[] = [
  [40, 'type', (run) => run.type()],
  [8, 'erase', (run) => run.erase()],
  [40, 'move', (run) => run.move()],
  [24, 'tick', (run) => run.table.tick()],
  [16, 'join', (run) => run.joinDocument()],
  [3, 'slow', (run) => run.slow()],
  [2, 'disconnect', (run) => run.disconnect()],
  [3, 'open', (run) => run.open()],
  [4, 'commit', (run) => run.commit()],
  [0.5, 'discard', (run) => run.draftCommand('draft:discard')],
  [2, 'submit', (run) => run.draftCommand('turn:submit')],
  [0.5, 'withdraw', (run) => run.draftCommand('turn:withdraw')],
  [2, 'reopen', (run) => run.passageCommand('passage:reopen')],
  [0.5, 'strike', (run) => run.passageCommand('passage:strike')],
  [0.5, 'restore', (run) => run.passageCommand('passage:restore')],
  [1, 'retry', (run) => run.passageCommand('narrator:retry')],
  [1, 'turn', (run) => run.turnCommand()],
  [0.4, 'mode', (run) => run.changeMode()],
  [1.5, 'ask', (run) => run.ask()],
  [4, 'narrate', (run) => run.narrate()],
  [1, 'stall', (run) => run.stall()],
  [2, 'unstall', (run) => run.unstall()],
  [0.5, 'crash', (run) => run.crash()],
  [0.2, 'restart', (run) => run.restart()],
  [0.25, 'break', (run) => run.breakStore()],
  [0.12, 'unload', (run) => run.unload()],
];
