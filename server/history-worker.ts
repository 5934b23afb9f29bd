import { parentPort, type MessagePort } from 'node:worker_threads';
import { replay, type Replay } from '../sessions/past.ts';

/** A past to be replayed. */
export interface HistoryQuestion {
  id: number;
  what: Replay;
}

/** The `Replayed` that came of it, as JSON: half the work of cloning its many small parts. Null: it cannot be replayed. */
export interface HistoryAnswer {
  id: number;
  story: string | null;
}

function answer({ id, what }: HistoryQuestion): HistoryAnswer {
  try {
    return { id, story: JSON.stringify(replay(what)) };
  } catch {
    return { id, story: null };
  }
}

/** Thread entry: replays what it is sent, one after the other. */
function serve(port: MessagePort): void {
  port.on('message', (question: HistoryQuestion) => port.postMessage(answer(question)));
}

if (parentPort !== null) serve(parentPort);
