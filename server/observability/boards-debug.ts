import type { Board } from './boards.ts';
import { tails } from './boards-on-call.ts';
import { gauge, increase, mean, over, quantile, rate, times } from './expressions.ts';

const seconds = { unit: 'seconds', kind: 'line' } as const;
const count = { unit: 'count', kind: 'line' } as const;
const perSecond = { unit: 'perSecond', kind: 'line' } as const;

/** Where the time goes (S2.7). */
export const DEBUG: Board = {
  id: 'debug',
  title: 'Where the time goes',
  rows: [
    {
      title: 'Inside a turn',
      panels: [
        {
          id: 'prefill',
          title: 'Reading the prompt',
          help: 'Time to evaluate the prompt. Long: prompts are long, or little of them was still in memory.',
          ...seconds,
          lines: tails('llm_prefill_seconds'),
        },
        {
          id: 'decode',
          title: 'Writing the text',
          help: 'Time from the first to the last token.',
          ...seconds,
          lines: tails('llm_decode_seconds'),
        },
        {
          id: 'per-token',
          title: 'Seconds a token',
          help: 'Time for each token that is written, p95.',
          ...seconds,
          lines: [{ label: 'p95', value: quantile(0.95, 'llm_time_per_output_token_seconds') }],
        },
        {
          id: 'tokens',
          title: 'Tokens',
          help: 'Tokens read and written.',
          ...perSecond,
          lines: [{ label: '', value: rate('llm_tokens_used_total', { by: 'type' }) }],
        },
        {
          id: 'prefix',
          title: 'Prompt still in memory',
          help: 'Share of prompt tokens that had been evaluated before. Low: turns are slower to begin.',
          unit: 'ratio',
          kind: 'line',
          lines: [
            {
              label: '',
              value: over(
                increase('llm_prefix_cache_hit_tokens_total'),
                increase('llm_prefix_cache_query_tokens_total'),
              ),
            },
          ],
        },
        {
          id: 'context',
          title: 'Context in use',
          help: 'How full the context of the model is, p95, and how full its memory for evaluated tokens. Near 1 stories lose their beginning.',
          unit: 'ratio',
          kind: 'line',
          limit: 0.95,
          lines: [
            { label: 'context p95', value: quantile(0.95, 'llm_context_window_usage_ratio') },
            { label: 'memory', value: gauge('llm_kv_cache_usage_ratio', { fold: 'max' }) },
          ],
        },
        {
          id: 'truncations',
          title: 'Shortened prompts, an hour',
          help: 'Prompts that had to leave something out, and evaluated prompts that had to give way.',
          ...count,
          lines: [
            { label: 'shortened', value: times(rate('llm_context_truncations_total'), 3_600) },
            { label: 'gave way', value: times(rate('llm_kv_evictions_total'), 3_600) },
          ],
        },
        {
          id: 'width',
          title: 'Requests in a step',
          help: 'How many requests the engine steps together, on average.',
          ...count,
          lines: [{ label: '', value: mean('llm_step_width') }],
        },
      ],
    },
    {
      title: 'How well it is told',
      panels: [
        {
          id: 'quality',
          title: 'Quality',
          help: 'Mean score of passages by metric; 0.8 is what all but 5 of 100 healthy passages reach.',
          unit: 'score',
          kind: 'line',
          lines: [{ label: '', value: mean('story_quality_score', { by: 'metric' }) }],
        },
        {
          id: 'below',
          title: 'Passages below their threshold',
          help: 'Share of measured passages, by metric. 5 % is normal, 20 % is not.',
          unit: 'ratio',
          kind: 'line',
          limit: 0.2,
          lines: [
            {
              label: '',
              value: over(
                increase('story_quality_checks_total', { match: { verdict: 'below' }, by: 'metric' }),
                increase('story_quality_checks_total', {
                  match: { verdict: { none: ['skipped'] } },
                  by: 'metric',
                }),
              ),
            },
          ],
        },
        {
          id: 'drift',
          title: 'Drift',
          help: '0 none, 1 suspected, 2 found: the narrator has become worse than its own baseline.',
          ...count,
          limit: 2,
          absentWhere: 'there is no baseline yet',
          lines: [{ label: '', value: gauge('story_drift_state', { by: 'metric', fold: 'max' }) }],
        },
        {
          id: 'collab',
          title: 'Working together',
          help: 'Mean of the measures of sessions: balance, synergy, ideas, threads, conflict.',
          unit: 'score',
          kind: 'line',
          lines: [{ label: '', value: mean('story_collab_score', { by: 'metric' }) }],
        },
        {
          id: 'feedback',
          title: 'What readers say, an hour',
          help: 'Feedback on passages by kind.',
          ...count,
          lines: [{ label: '', value: times(rate('story_feedback_total', { by: 'type' }), 3_600) }],
        },
        {
          id: 'interventions',
          title: 'What the server did by itself, an hour',
          help: 'By the issue that made it.',
          ...count,
          lines: [{ label: '', value: times(rate('story_interventions_total', { by: 'issue' }), 3_600) }],
        },
      ],
    },
    {
      title: 'Moderation',
      panels: [
        {
          id: 'decisions',
          title: 'Decisions, an hour',
          help: 'Texts judged, by what was decided.',
          ...count,
          lines: [
            { label: '', value: times(rate('story_moderation_decisions_total', { by: 'action' }), 3_600) },
          ],
        },
        {
          id: 'screen',
          title: 'Judging a text',
          help: 'Whole judgement.',
          ...seconds,
          lines: tails('story_moderation_seconds', { stage: 'screen' }),
        },
        {
          id: 'tiers',
          title: 'Tiers that failed, an hour',
          help: 'Parts of moderation that gave no answer in time.',
          ...count,
          lines: [
            { label: '', value: times(rate('story_moderation_tier_failures_total', { by: 'tier' }), 3_600) },
          ],
        },
      ],
    },
    {
      title: 'The server',
      panels: [
        {
          id: 'append',
          title: 'Storing',
          help: 'One transaction of appends. Slow: everything that waits for it is slow.',
          ...seconds,
          limit: 0.1,
          lines: tails('story_store_append_seconds'),
        },
        {
          id: 'merge',
          title: 'Checking an edit',
          help: 'Checking and applying one update.',
          ...seconds,
          lines: tails('story_merge_seconds'),
        },
        {
          id: 'sync',
          title: 'Bytes over document sockets',
          help: 'In and out.',
          ...perSecond,
          lines: [{ label: '', value: rate('story_sync_bytes_total', { by: 'direction' }) }],
        },
        {
          id: 'loop',
          title: 'Lag of the event loop',
          help: 'How late the server comes to its work. Over 0.1 s everything feels slow.',
          ...seconds,
          limit: 0.1,
          lines: [
            { label: 'now', value: gauge('nodejs_eventloop_lag_seconds', { fold: 'max' }) },
            { label: 'p99', value: gauge('nodejs_eventloop_lag_p99_seconds', { fold: 'max' }) },
          ],
        },
        {
          id: 'memory',
          title: 'Memory',
          help: 'Of the server itself, without the process of the model.',
          unit: 'bytes',
          kind: 'line',
          lines: [
            { label: 'resident', value: gauge('process_resident_memory_bytes') },
            { label: 'heap', value: gauge('nodejs_heap_size_used_bytes') },
          ],
        },
        {
          id: 'refused',
          title: 'Refused edits, an hour',
          help: 'By reason; many of one kind are a broken client, or somebody who tries something.',
          ...count,
          lines: [{ label: '', value: times(rate('story_refused_updates_total', { by: 'reason' }), 3_600) }],
        },
      ],
    },
  ],
};
