import { collectDefaultMetrics, Counter, Registry } from 'prom-client';
import { COMMANDS } from '../sessions/protocol.ts';
import { makers, QUEUE_WAIT } from './metric-makers.ts';
import { PREPARED_LABELS, REFUSAL_REASONS } from './metric-labels.ts';
import { moderationMetrics, prepareModerationMetrics } from './moderation-metrics.ts';
import { prepareQueueMetrics, queueMetrics } from './queue-metrics.ts';

const COMMAND = [0.005, 0.01, 0.025, 0.05, 0.1, 0.3, 0.5, 1, 2.5];
const PROPAGATION = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1];
const LLM_DURATION = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92];
const FIRST_TOKEN = [
  0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 20, 40, 80, 160,
];
/** The bounds of `disruption` at which its advice changes are among them. */
const DISRUPTION = [0.05, 0.1, 0.2, 0.35, 0.45, 0.65, 0.8, 1];
const ROLLBACK_WAIT = [0.1, 1, 10, 30, 60, 300, 900];
const SESSION_DURATION = [60, 300, 900, 1_800, 3_600, 7_200, 14_400];
const MODEL_LOAD = [0.5, 1, 2.5, 5, 10, 20, 30, 60, 120];

/** All metrics of the server. Their label sets are closed: the number of series does not grow with use. */
export type Metrics = ReturnType<typeof createMetrics>;

/**
 * A fresh registry with every metric at 0, so that alerts on a first increase fire. `model`: the label of the
 * configured model; `endpoint`: what it is used for. Call it once per process: process metrics start too.
 */
export function createMetrics(of: { model: string; endpoint: 'narrator' }) {
  const registry = new Registry();
  // The default precision of 10 ms would wake the process a hundred times a second.
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: 100 });
  const metrics = {
    registry,
    ...sessionMetrics(registry),
    ...storyMetrics(registry),
    ...llmMetrics(registry),
    ...queueMetrics(registry),
    ...moderationMetrics(registry),
  };
  prepare(metrics, of);
  prepareQueueMetrics(metrics, of);
  prepareModerationMetrics(metrics);
  return metrics;
}

/** The `reason` label of a refused update. */
export function refusalLabel(fault: string): string {
  return REFUSAL_REASONS.find((reason) => reason === fault) ?? 'other';
}

function sessionMetrics(registry: Registry) {
  const { counter, gauge, histogram } = makers(registry);
  return {
    sessionsActive: gauge('story_sessions_active', 'Sessions in memory.'),
    playersConnected: gauge('story_players_connected', 'Players with an open command channel.'),
    sessionDuration: histogram(
      'story_session_duration_seconds',
      'From the loading of a session to its unloading.',
      SESSION_DURATION,
    ),
    commands: counter('story_commands_total', 'Commands by how they ended.', ['command', 'status']),
    commandDuration: histogram(
      'story_command_duration_seconds',
      'From the arrival of a command to its answer.',
      COMMAND,
      ['command', 'status'],
    ),
    editPropagation: histogram(
      'story_edit_propagation_seconds',
      'From the arrival of an edit to its fan-out, storing included.',
      PROPAGATION,
    ),
    ...syncBytes(registry),
    merge: histogram('story_merge_seconds', 'Checking and applying one update.', PROPAGATION),
    refusedUpdates: counter('story_refused_updates_total', 'Document updates refused.', ['reason']),
    storeAppend: histogram('story_store_append_seconds', 'One transaction of appends.', PROPAGATION),
  };
}

/** Frames come by the thousand: their bytes are added up here and reach the counter when it is scraped. */
function syncBytes(registry: Registry) {
  const counted = { in: 0, out: 0 };
  const counter = new Counter({
    name: 'story_sync_bytes_total',
    help: 'Bytes over document sockets.',
    labelNames: ['direction'],
    registers: [registry],
    collect() {
      for (const direction of ['in', 'out'] as const) {
        this.inc({ direction }, counted[direction]);
        counted[direction] = 0;
      }
    },
  });
  const countBytes = (direction: 'in' | 'out', bytes: number): void => {
    counted[direction] += bytes;
  };
  return { syncBytes: counter, countBytes };
}

function storyMetrics(registry: Registry) {
  const { counter, histogram } = makers(registry);
  return {
    passages: counter('story_passages_total', 'Passages committed to stories.', ['author_kind']),
    turns: counter('story_turns_total', 'Narrator turns by how they ended.', ['outcome']),
    turnWait: histogram('story_turn_wait_seconds', 'From asking the narrator to its start.', QUEUE_WAIT),
    rollbacks: counter('story_text_rollbacks_total', 'Rollbacks of stories by game masters.', [
      'scope',
      'timing',
    ]),
    rollbackDisruption: histogram(
      'story_text_rollback_disruption_score',
      'What the table felt of a rollback.',
      DISRUPTION,
    ),
    rollbackWait: histogram(
      'story_text_rollback_wait_seconds',
      'From the order of a rollback to its execution.',
      ROLLBACK_WAIT,
    ),
  };
}

function llmMetrics(registry: Registry) {
  const { counter, histogram } = makers(registry);
  return {
    llmRequests: counter('llm_requests_total', 'Requests to the model.', ['model', 'endpoint', 'status']),
    llmDuration: histogram(
      'llm_request_duration_seconds',
      'From the grant of a slot to the end.',
      LLM_DURATION,
      ['model', 'endpoint'],
    ),
    llmTokens: counter('llm_tokens_used_total', 'Tokens read and written.', ['model', 'type']),
    llmFirstToken: histogram(
      'llm_time_to_first_token_seconds',
      'From the grant of a slot to the first text.',
      FIRST_TOKEN,
      ['model', 'endpoint'],
    ),
    llmAcceptToFirstToken: histogram(
      'llm_accept_to_first_token_seconds',
      'From the acceptance of a request, its wait included, to the first text.',
      FIRST_TOKEN,
      ['model', 'endpoint'],
    ),
    llmModelLoad: histogram('llm_model_load_seconds', 'Loading of a model.', MODEL_LOAD, ['model', 'reason']),
    llmTruncations: counter('llm_context_truncations_total', 'Prompts that had to leave something out.', [
      'model',
    ]),
    llmRestarts: counter('llm_worker_restarts_total', 'Engine restarts.', ['reason']),
  };
}

/** Every label set at 0. Command durations are left out: they are many, and their absence hides nothing. */
function prepare(
  metrics: ReturnType<typeof sessionMetrics> &
    ReturnType<typeof storyMetrics> &
    ReturnType<typeof llmMetrics>,
  { model, endpoint }: { model: string; endpoint: string },
): void {
  const labels = PREPARED_LABELS;
  for (const command of [...Object.keys(COMMANDS), 'other']) {
    for (const status of labels.commandStatus) metrics.commands.inc({ command, status }, 0);
  }
  for (const direction of labels.direction) metrics.syncBytes.inc({ direction }, 0);
  for (const reason of REFUSAL_REASONS) metrics.refusedUpdates.inc({ reason }, 0);
  for (const kind of labels.authorKind) metrics.passages.inc({ author_kind: kind }, 0);
  for (const scope of labels.rollbackScope)
    for (const timing of labels.rollbackTiming) metrics.rollbacks.inc({ scope, timing }, 0);
  for (const outcome of labels.outcome) metrics.turns.inc({ outcome }, 0);
  for (const status of labels.llmStatus) metrics.llmRequests.inc({ model, endpoint, status }, 0);
  for (const type of labels.tokenType) metrics.llmTokens.inc({ model, type }, 0);
  for (const reason of labels.restart) metrics.llmRestarts.inc({ reason }, 0);
  for (const histogram of [metrics.llmDuration, metrics.llmFirstToken, metrics.llmAcceptToFirstToken]) {
    histogram.zero({ model, endpoint });
  }
  for (const reason of labels.modelLoad) metrics.llmModelLoad.zero({ model, reason });
  metrics.llmTruncations.inc({ model }, 0);
}
