import { z } from 'zod';
import { event } from './event-schema.ts';
import { FEEDBACK_TYPES } from './feedback.ts';
import { LIMITS } from './limits.ts';
import { ACTIONS_OF_MONITOR, ISSUES } from './monitor-view.ts';
import type { SessionState } from './state.ts';

const THREAD_MARKS = ['open', 'resolved', 'paused'] as const;
export type ThreadMark = (typeof THREAD_MARKS)[number];

const issue = z.enum(ISSUES);
const mark = z.enum(THREAD_MARKS);

const threadSchema = z.object({
  id: z.string(),
  title: z.string(),
  by: z.string(),
  at: z.number(),
});

const interventionSchema = z.object({
  id: z.string(),
  at: z.number(),
  issue,
  action: z.enum(ACTIONS_OF_MONITOR),
  playerId: z.string().nullable(),
  text: z.string(),
  why: z.string(),
});

export const monitorSchema = z.object({
  /** Until when nothing is done about an issue, epoch ms. */
  muted: z.partialRecord(issue, z.number()),
  /** Threads that people made. */
  threads: z.array(threadSchema),
  /** Thread id, also of found ones -> what people said of it. */
  marks: z.record(z.string(), mark),
  /** Threads that the narrator is reminded of with the guidance for its next turn. */
  reminded: z.array(z.string()),
  /** What was done of itself, newest first. */
  interventions: z.array(interventionSchema),
  /** When slow mode was switched on of itself; null: it was not, or people have changed it since. */
  slowedAt: z.number().nullable(),
});
/** What has to outlive a restart of a session's monitor; its figures are worked out anew. */
export type MonitorState = z.infer<typeof monitorSchema>;

export function newMonitorState(): MonitorState {
  return { muted: {}, threads: [], marks: {}, reminded: [], interventions: [], slowedAt: null };
}

/** What can happen to the monitor. */
export const MONITOR_EVENTS = [
  event('monitor-muted', { issue, until: z.number().nullable(), by: z.string() }),
  event('thread-added', { thread: threadSchema }),
  event('thread-marked', { threadId: z.string(), status: mark, by: z.string() }),
  event('thread-reminded', { threadId: z.string(), by: z.string() }),
  event('intervened', { intervention: interventionSchema }),
  /** Its words are not in the journal; see sessions/feedback.ts. */
  event('feedback-given', {
    playerId: z.string(),
    passageId: z.string(),
    alternativeId: z.string(),
    feedback: z.enum(FEEDBACK_TYPES),
    rating: z.number().int().nullable(),
  }),
] as const;

export type MonitorEvent = z.infer<(typeof MONITOR_EVENTS)[number]>;
type EventOf<T extends MonitorEvent['type']> = Extract<MonitorEvent, { type: T }>;

/** The state with another part of the monitor. */
export function withMonitor(state: SessionState, change: Partial<MonitorState>): SessionState {
  return { ...state, monitor: { ...state.monitor, ...change } };
}

function muted(state: SessionState, { issue: about, until }: EventOf<'monitor-muted'>): SessionState {
  const { [about]: _before, ...others } = state.monitor.muted;
  return withMonitor(state, { muted: until === null ? others : { ...others, [about]: until } });
}

function intervened(state: SessionState, { intervention }: EventOf<'intervened'>): SessionState {
  const interventions = [intervention, ...state.monitor.interventions].slice(0, LIMITS.interventions);
  const slowedAt = intervention.action === 'slow_mode' ? intervention.at : state.monitor.slowedAt;
  return withMonitor(state, { interventions, slowedAt });
}

/** One table row per event, as in events.ts. */
export const EVOLVE_MONITOR: {
  [T in MonitorEvent['type']]: (state: SessionState, event: EventOf<T>) => SessionState;
} = {
  'monitor-muted': muted,
  'thread-added': (state, e) => withMonitor(state, { threads: [...state.monitor.threads, e.thread] }),
  'thread-marked': (state, e) =>
    withMonitor(state, { marks: { ...state.monitor.marks, [e.threadId]: e.status } }),
  'thread-reminded': (state, e) =>
    withMonitor(state, { reminded: [...new Set([...state.monitor.reminded, e.threadId])] }),
  intervened,
  'feedback-given': (state) => state,
};
