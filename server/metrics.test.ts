import { expect, it } from 'vitest';
import { COMMANDS } from '../sessions/protocol.ts';
import { PREPARED_LABELS, REFUSAL_REASONS } from './metric-labels.ts';
import { createMetrics, refusalLabel } from './metrics.ts';

const of = { model: 'storyteller-tiny', endpoint: 'narrator' } as const;
const metrics = createMetrics(of);
const series = async () =>
  (await metrics.registry.metrics()).split('\n').filter((line) => /^[a-z]/.test(line));

it('exports exactly the metrics of the operations page that exist by now', async () => {
  const ours = (await metrics.registry.getMetricsAsJSON())
    .map(({ name }) => name)
    .filter((name) => /^(story|llm)_/.test(name));
  expect(ours.toSorted()).toEqual([
    'llm_accept_to_first_token_seconds',
    'llm_backend_circuit_state',
    'llm_context_truncations_total',
    'llm_inter_token_gap_seconds',
    'llm_kv_cache_usage_ratio',
    'llm_kv_evictions_total',
    'llm_model_load_seconds',
    'llm_prefix_cache_hit_tokens_total',
    'llm_prefix_cache_query_tokens_total',
    'llm_prompt_chunk_tokens',
    'llm_queue_bound_units',
    'llm_queue_oldest_age_seconds',
    'llm_queue_preemptions_total',
    'llm_queue_rejected_total',
    'llm_queue_spread_units',
    'llm_queue_wait_seconds',
    'llm_request_duration_seconds',
    'llm_requests_running',
    'llm_requests_total',
    'llm_requests_waiting',
    'llm_service_fairness_jain_ratio',
    'llm_service_units_per_second',
    'llm_short_passages',
    'llm_step_seconds',
    'llm_step_width',
    'llm_stream_stalls_total',
    'llm_time_to_first_token_seconds',
    'llm_tokens_used_total',
    'llm_worker_restarts_total',
    'story_command_duration_seconds',
    'story_commands_total',
    'story_edit_propagation_seconds',
    'story_merge_seconds',
    'story_moderation_decisions_total',
    'story_moderation_log_lost_total',
    'story_moderation_overturned_total',
    'story_moderation_seconds',
    'story_moderation_tier_failures_total',
    'story_passages_total',
    'story_pii_redactions_total',
    'story_players_connected',
    'story_policy_violations_total',
    'story_refused_updates_total',
    'story_review_oldest_seconds',
    'story_review_queue_items',
    'story_session_duration_seconds',
    'story_sessions_active',
    'story_store_append_seconds',
    'story_sync_bytes_total',
    'story_text_rollback_disruption_score',
    'story_text_rollback_wait_seconds',
    'story_text_rollbacks_total',
    'story_turn_wait_seconds',
    'story_turns_total',
  ]);
});

it('has every label set at 0 from the start', async () => {
  const lines = await series();
  for (const line of [
    'story_commands_total{command="draft:open",status="ok"} 0',
    'story_commands_total{command="other",status="error"} 0',
    'story_sync_bytes_total{direction="in"} 0',
    'story_refused_updates_total{reason="forged-client"} 0',
    'story_passages_total{author_kind="narrator"} 0',
    'story_turns_total{outcome="failed"} 0',
    'llm_requests_total{model="storyteller-tiny",endpoint="narrator",status="timeout"} 0',
    'llm_requests_waiting{priority="narrator"} 0',
    'llm_worker_restarts_total{reason="crash"} 0',
    'llm_queue_rejected_total{reason="budget"} 0',
    'llm_service_fairness_jain_ratio 1',
    'llm_prefix_cache_hit_tokens_total{model="storyteller-tiny"} 0',
    'story_edit_propagation_seconds_count 0',
    'llm_queue_wait_seconds_count{priority="narrator"} 0',
    'story_moderation_decisions_total{action="allow",category="none",source="talk"} 0',
    'story_moderation_decisions_total{action="hold",category="harassment",source="story"} 0',
    'story_moderation_seconds_count{stage="encoder"} 0',
    'story_policy_violations_total{category="sexual_minors",stage="delivered"} 0',
    'story_moderation_overturned_total{category="line"} 0',
    'story_pii_redactions_total{kind="email"} 0',
    'story_moderation_tier_failures_total{tier="judge"} 0',
    'story_review_queue_items 0',
  ]) {
    expect(lines).toContain(line);
  }
});

it('folds unknown faults into "other"', () => {
  expect([refusalLabel('gap'), refusalLabel('whatever')]).toEqual(['gap', 'other']);
});

it('stays under 4,000 series with every label set in use', async () => {
  for (const command of [...Object.keys(COMMANDS), 'other']) {
    for (const status of PREPARED_LABELS.commandStatus)
      metrics.commandDuration.observe({ command, status }, 0.01);
  }
  for (const reason of REFUSAL_REASONS) metrics.refusedUpdates.inc({ reason });
  expect((await series()).length).toBeLessThan(4_000);
});
