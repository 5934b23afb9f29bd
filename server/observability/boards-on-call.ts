import { LABELS } from '../metric-labels.ts';
import type { Board, Line } from './boards.ts';
import { gauge, increase, over, quantile, quantiles, rate, times, type Match } from './expressions.ts';

const NARRATOR = { endpoint: 'narrator' };

/** The times that 95 and 99 of 100 stay under. */
export function tails(histogram: string, match: Match = {}): Line[] {
  const [p95, p99] = quantiles([0.95, 0.99], histogram, match);
  return [
    { label: 'p95', value: p95 },
    { label: 'p99', value: p99 },
  ];
}

const seconds = { unit: 'seconds', kind: 'line' } as const;
const count = { unit: 'count', kind: 'line' } as const;

/** What somebody woken at night looks at first (S2.6). */
export const ON_CALL: Board = {
  id: 'on-call',
  title: 'What is wrong',
  rows: [
    {
      title: 'The narrator',
      panels: [
        {
          id: 'first-token',
          title: 'First text after the slot',
          help: 'From the slot to the first text. p95 over 0.5 s: the model is slow to begin.',
          ...seconds,
          limit: 0.5,
          lines: tails('llm_time_to_first_token_seconds', NARRATOR),
        },
        {
          id: 'first-token-accepted',
          title: 'First text after the request',
          help: 'As players feel it, the wait in the queue included. p95 over 1 s with an empty queue is slow.',
          ...seconds,
          limit: 1,
          lines: tails('llm_accept_to_first_token_seconds', NARRATOR),
        },
        {
          id: 'duration',
          title: 'Whole turn',
          help: 'From the slot to the end of the text.',
          ...seconds,
          lines: tails('llm_request_duration_seconds', NARRATOR),
        },
        {
          id: 'errors',
          title: 'Failed requests',
          help: 'Share of requests to the narrator that failed or ran out of time. More than 0.5 % breaks the promise.',
          unit: 'ratio',
          kind: 'line',
          limit: 0.005,
          lines: [
            {
              label: '',
              value: over(
                increase('llm_requests_total', {
                  match: { ...NARRATOR, status: { any: ['error', 'timeout'] } },
                }),
                increase('llm_requests_total', {
                  match: { ...NARRATOR, status: { none: ['cancelled', 'rejected'] } },
                }),
              ),
            },
          ],
        },
        {
          id: 'versions',
          title: 'Versions of the narrator',
          help: 'Which versions are loaded. More than one in production should be on purpose.',
          unit: 'count',
          kind: 'stat',
          absentWhere: 'no model has been loaded yet',
          lines: [{ label: '', value: gauge('llm_model_info', { by: 'prompt_version' }) }],
        },
        {
          id: 'circuit',
          title: 'Circuit of the model',
          help: '0 closed, 1 on trial, 2 open: the model failed again and again and is left alone for a while.',
          unit: 'count',
          kind: 'stat',
          limit: 1,
          lines: [{ label: '', value: gauge('llm_backend_circuit_state', { by: 'backend', fold: 'max' }) }],
        },
        {
          id: 'load',
          title: 'Loading of the model',
          help: 'Time to load a model, p95. Over 30 s a swap is felt.',
          ...seconds,
          limit: 30,
          lines: [{ label: 'p95', value: quantile(0.95, 'llm_model_load_seconds') }],
        },
        {
          id: 'stalls',
          title: 'Stalls, an hour',
          help: 'Gaps of more than 2 s in a text, and replacements of the engine.',
          ...count,
          lines: [
            { label: 'stalls', value: times(rate('llm_stream_stalls_total'), 3_600) },
            { label: 'restarts', value: times(rate('llm_worker_restarts_total'), 3_600) },
          ],
        },
      ],
    },
    {
      title: 'The queue',
      panels: [
        {
          id: 'waiting',
          title: 'Waiting',
          help: 'Requests in the queue. Should be near 0 most of the time.',
          ...count,
          lines: [{ label: '', value: gauge('llm_requests_waiting', { by: 'priority' }) }],
        },
        {
          id: 'oldest',
          title: 'Oldest request',
          help: 'How long the oldest one has waited. Over 30 s players notice.',
          ...seconds,
          limit: 30,
          lines: [
            { label: '', value: gauge('llm_queue_oldest_age_seconds', { by: 'priority', fold: 'max' }) },
          ],
        },
        {
          id: 'wait',
          title: 'Wait for a slot',
          help: 'Of turns of the narrator. The promise is that 90 of 100 wait 5 s at most.',
          ...seconds,
          limit: 5,
          lines: tails('llm_queue_wait_seconds', { priority: 'narrator' }),
        },
        {
          id: 'turn-by-load',
          title: 'Whole turn by how many there were',
          help: 'From asking the narrator to its last word, p95, by the turns that waited or ran at the time.',
          ...seconds,
          lines: LABELS.waiting.map((waiting) => ({
            label: `${waiting} turns`,
            value: quantile(0.95, 'story_turn_seconds', { waiting }),
          })),
        },
        {
          id: 'fairness',
          title: 'Fairness',
          help: 'Jain’s index of what sessions got of their share: 1 is even, below 0.8 somebody is starved.',
          unit: 'ratio',
          kind: 'line',
          limit: 0.8,
          lines: [{ label: '', value: gauge('llm_service_fairness_jain_ratio') }],
        },
        {
          id: 'rejected',
          title: 'Refused at the door, an hour',
          help: 'Requests that the queue did not take, by reason.',
          ...count,
          lines: [{ label: '', value: times(rate('llm_queue_rejected_total', { by: 'reason' }), 3_600) }],
        },
      ],
    },
    {
      title: 'Writing together',
      panels: [
        {
          id: 'commands',
          title: 'Answers to commands',
          help: 'From the arrival of a command to its answer. p95 over 0.3 s is slow.',
          ...seconds,
          limit: 0.3,
          lines: tails('story_command_duration_seconds', { status: 'ok' }),
        },
        {
          id: 'command-errors',
          title: 'Failed commands',
          help: 'Share of commands that failed by a fault of the server. More than 0.1 % breaks the promise.',
          unit: 'ratio',
          kind: 'line',
          limit: 0.001,
          lines: [
            {
              label: '',
              value: over(
                increase('story_commands_total', { match: { status: 'error' } }),
                increase('story_commands_total', { match: { status: { none: ['rejected'] } } }),
              ),
            },
          ],
        },
        {
          id: 'propagation',
          title: 'Edits on their way',
          help: 'From the arrival of an edit to its way to the others, storing included. p95 over 0.1 s is felt.',
          ...seconds,
          limit: 0.1,
          lines: tails('story_edit_propagation_seconds'),
        },
        {
          id: 'unhealthy',
          title: 'Sessions in trouble',
          help: 'Sessions whose monitor has found something, by what it is.',
          ...count,
          lines: [{ label: '', value: gauge('story_sessions_unhealthy', { by: 'issue' }) }],
        },
        {
          id: 'rollbacks',
          title: 'Rollbacks of stories, an hour',
          help: 'Ordered by game masters, by what they take back.',
          ...count,
          lines: [{ label: '', value: times(rate('story_text_rollbacks_total', { by: 'scope' }), 3_600) }],
        },
      ],
    },
    {
      title: 'Moderation and records',
      panels: [
        {
          id: 'store',
          title: 'The store takes writes',
          help: '1 yes; 0: sessions are read-only until it does again.',
          unit: 'count',
          kind: 'stat',
          lines: [{ label: '', value: gauge('story_store_writable', { fold: 'max' }) }],
        },
        {
          id: 'review',
          title: 'Texts that wait for a person',
          help: 'Held until a game master decides.',
          unit: 'count',
          kind: 'stat',
          lines: [{ label: '', value: gauge('story_review_queue_items') }],
        },
        {
          id: 'review-age',
          title: 'The oldest of them',
          help: 'How long it has waited. Over ten minutes somebody should be asked.',
          ...seconds,
          limit: 600,
          lines: [{ label: '', value: gauge('story_review_oldest_seconds', { fold: 'max' }) }],
        },
        {
          id: 'delivered-violations',
          title: 'Found after delivery, an hour',
          help: 'Texts against the policy that people had seen already. Should be 0.',
          ...count,
          lines: [
            {
              label: '',
              value: times(
                rate('story_policy_violations_total', { match: { stage: 'delivered' }, by: 'category' }),
                3_600,
              ),
            },
          ],
        },
        {
          id: 'audit',
          title: 'Audit records that failed, an hour',
          help: 'Records that could not be written, and checks that failed. Should be 0.',
          ...count,
          lines: [
            { label: 'appends', value: times(rate('audit_append_failures_total'), 3_600) },
            { label: 'checks', value: times(rate('audit_verify_failures_total'), 3_600) },
          ],
        },
      ],
    },
  ],
};
