import { refuse } from '../errors.ts';
import { LIMITS } from '../limits.ts';
import { foundThreadTitle } from '../found-threads.ts';
import { accept, type DecideContext, type Handler } from './decision.ts';

const MINUTE_MS = 60_000;
const REMINDER = 'Come back to this thread of the story: ';

/** V9: nothing is done about the issue until then. */
export const muteIssue: Handler<'monitor:mute'> = ({ now, player }, { issue, minutes }) => {
  const until = minutes === null ? null : now + minutes * MINUTE_MS;
  return accept({ events: [{ type: 'monitor-muted', issue, until, by: player.id }] });
};

export const addThread: Handler<'thread:add'> = ({ state, player, now, newId }, { title }) => {
  if (state.monitor.threads.length >= LIMITS.threads) return refuse('THREADS_FULL');
  const thread = { id: newId(), title, by: player.id, at: now };
  return accept({ events: [{ type: 'thread-added', thread }], value: { threadId: thread.id } });
};

/** What a thread is called; null: there is none of this id. */
function titleOf({ state }: DecideContext, threadId: string): string | null {
  const made = state.monitor.threads.find(({ id }) => id === threadId);
  return made?.title ?? foundThreadTitle(threadId);
}

/** V8: resolved and paused threads are not missed. */
export const markThread: Handler<'thread:mark'> = (context, { threadId, status }) => {
  if (titleOf(context, threadId) === null) return refuse('THREAD_UNKNOWN');
  const { marks } = context.state.monitor;
  if (!Object.hasOwn(marks, threadId) && Object.keys(marks).length >= LIMITS.threadMarks)
    return refuse('THREADS_FULL');
  return accept({ events: [{ type: 'thread-marked', threadId, status, by: context.player.id }] });
};

/** V8: the narrator is told with the guidance for its next turn, which only game masters see. */
export const remindThread: Handler<'thread:remind'> = (context, { threadId }) => {
  const title = titleOf(context, threadId);
  if (title === null) return refuse('THREAD_UNKNOWN');
  const { monitor, safety } = context.state;
  const { guidance } = safety;
  if (monitor.reminded.includes(threadId)) return accept({});
  if (monitor.reminded.length >= LIMITS.threads) return refuse('THREADS_FULL');
  const reminder = `${REMINDER}${title}.`;
  const together = guidance === null ? reminder : `${guidance}\n${reminder}`;
  return accept({
    events: [
      { type: 'thread-reminded', threadId, by: context.player.id },
      { type: 'guidance-given', guidance: together.slice(0, LIMITS.noteLength) },
    ],
  });
};
