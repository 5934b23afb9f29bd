import {
  CONTEXT,
  FIRST_TOKEN,
  LLM_DURATION,
  MODEL_LOAD,
  PER_TOKEN,
  QUEUE_WAIT,
  STEP,
  TOKENS,
  TURN,
  WIDTH,
} from './metric-buckets.ts';
import { counter, gauge, histogram, MODEL } from './metric-definition.ts';
import { LABELS } from './metric-labels.ts';
import { ENCODER } from './moderation-metrics.ts';

const { endpoint, priority, tokenType, waiting } = LABELS;
const model = { model: MODEL } as const;
/** An encoder writes nothing. */
const writing = { model: MODEL, endpoint: ['narrator', 'judge', 'moderation', 'summary'] } as const;
const perEndpoint = { model: [MODEL, ENCODER], endpoint } as const;
/** The encoder embeds and does nothing else. */
const has = ({ model: name, endpoint: use }: Record<string, string>) =>
  (name === ENCODER) === (use === 'embed');

/** What is asked of the model, and how long it takes. */
const REQUESTS = {
  llmRequests: counter(
    'llm_requests_total',
    'Requests to the model.',
    {
      ...perEndpoint,
      status: LABELS.llmStatus,
    },
    { has },
  ),
  llmDuration: histogram(
    'llm_request_duration_seconds',
    'From the grant of a slot to the end.',
    LLM_DURATION,
    { labels: perEndpoint, has },
  ),
  llmTokens: counter('llm_tokens_used_total', 'Tokens read and written, also of requests that were cut.', {
    ...model,
    type: tokenType,
  }),
  llmRequestTokens: histogram('llm_request_tokens', 'Tokens of one request.', TOKENS, {
    labels: { ...model, type: tokenType },
  }),
  llmFirstToken: histogram(
    'llm_time_to_first_token_seconds',
    'From the grant of a slot to the first text.',
    FIRST_TOKEN,
    { labels: writing },
  ),
  llmAcceptToFirstToken: histogram(
    'llm_accept_to_first_token_seconds',
    'From the acceptance of a request, its wait included, to the first text.',
    FIRST_TOKEN,
    { labels: writing },
  ),
  llmTimePerToken: histogram(
    'llm_time_per_output_token_seconds',
    'Mean time between two tokens of a narrator turn.',
    PER_TOKEN,
    { labels: model },
  ),
  llmTokenGap: histogram(
    'llm_inter_token_gap_seconds',
    'Between two pieces of text of a narrator turn.',
    STEP,
    { labels: model },
  ),
  llmStalls: counter('llm_stream_stalls_total', 'Gaps of more than 2 s in the text of a turn.', model),
  llmPrefill: histogram(
    'llm_prefill_seconds',
    'From the grant of a slot to the first token of a narrator turn.',
    LLM_DURATION,
    { labels: model },
  ),
  llmDecode: histogram(
    'llm_decode_seconds',
    'From the first token of a narrator turn to its last.',
    LLM_DURATION,
    { labels: model },
  ),
  llmContextRatio: histogram(
    'llm_context_window_usage_ratio',
    'Part of the context that prompt and room for the answer take.',
    CONTEXT,
    { labels: model },
  ),
  llmTruncations: counter('llm_context_truncations_total', 'Prompts that had to leave something out.', model),
};

/** Narrator turns as people wait for them. */
const TURNS = {
  turnSeconds: histogram(
    'story_turn_seconds',
    'From asking the narrator to its last word in the story, by how many turns there were.',
    TURN,
    { labels: { waiting } },
  ),
  turnFirstToken: histogram(
    'story_turn_first_token_seconds',
    'From asking the narrator to its first token, by how many turns there were.',
    TURN,
    { labels: { waiting } },
  ),
  characterSwitch: histogram(
    'story_character_switch_seconds',
    'From asking for another character than the last one to its first token.',
    TURN,
  ),
};

/** The model itself. */
const MODELS = {
  llmModelLoad: histogram('llm_model_load_seconds', 'Loading of a model.', MODEL_LOAD, {
    labels: { ...model, reason: LABELS.modelLoad },
  }),
  llmModelInfo: gauge('llm_model_info', 'Which model and prompts are in use; always 1.', {
    labels: { ...model, base_hash12: [], prompt_version: [], role: LABELS.modelRole },
    start: null,
  }),
  llmAvailable: gauge('llm_model_ready', '1 while the narrator can be asked.', { start: 0 }),
  llmRestarts: counter('llm_worker_restarts_total', 'Engine restarts.', { reason: LABELS.restart }),
  llmCircuit: gauge('llm_backend_circuit_state', '0 closed, 1 on trial, 2 open.', {
    labels: { backend: MODEL },
    start: 0,
  }),
};

/** The queue. */
const QUEUE = {
  llmQueueWait: histogram('llm_queue_wait_seconds', 'Wait for a slot.', QUEUE_WAIT, { labels: { priority } }),
  llmRunning: gauge('llm_requests_running', 'Requests that have begun, paused ones included.', {
    labels: model,
    start: 0,
  }),
  llmWaiting: gauge('llm_requests_waiting', 'Requests in the queue.', { labels: { priority }, start: 0 }),
  llmOldestAge: gauge('llm_queue_oldest_age_seconds', 'Age of the oldest waiting request.', {
    labels: { priority },
    start: 0,
  }),
  llmRejected: counter('llm_queue_rejected_total', 'Narrator turns refused at the door.', {
    reason: LABELS.queueRefusal,
  }),
  llmPreemptions: counter('llm_queue_preemptions_total', 'Pauses of running requests in favour of others.'),
  llmSpread: gauge(
    'llm_queue_spread_units',
    'Largest difference in service between those who wait, cost units. Above the bound it is a fault.',
    { start: 0 },
  ),
  llmBound: gauge(
    'llm_queue_bound_units',
    'What that difference may be at most, cost units; 0: no promise.',
    { start: 0 },
  ),
  llmJain: gauge(
    'llm_service_fairness_jain_ratio',
    "Jain's index of service received over max-min fair share, sessions of the last 5 minutes.",
    { start: 1 },
  ),
  llmRate: gauge('llm_service_units_per_second', 'Cost units (input + 2 x output tokens) a second at work.', {
    start: null,
  }),
  llmShort: gauge('llm_short_passages', '1 while waits are so long that passages are kept short.', {
    start: 0,
  }),
};

/** Steps of our own engine, and what it keeps of prompts. */
const ENGINE = {
  llmStep: histogram('llm_step_seconds', 'One step of the engine.', STEP, { labels: model }),
  llmWidth: histogram('llm_step_width', 'Requests in one step of the engine.', WIDTH, { labels: model }),
  llmChunk: gauge('llm_prompt_chunk_tokens', 'Prompt tokens that one step may evaluate now.', {
    labels: model,
    start: 0,
  }),
  llmPrefixQueries: counter('llm_prefix_cache_query_tokens_total', 'Prompt tokens of requests.', model),
  llmPrefixHits: counter('llm_prefix_cache_hit_tokens_total', 'Prompt tokens that were still there.', model),
  llmEvictions: counter('llm_kv_evictions_total', 'Requests whose evaluated prompt had to give way.', model),
  llmKvUsage: gauge('llm_kv_cache_usage_ratio', 'Used part of the memory for evaluated tokens.', {
    labels: model,
    start: 0,
  }),
};

/** Definitions of everything about the model, its queue and its engine. */
export const LLM_METRICS = { ...REQUESTS, ...TURNS, ...MODELS, ...QUEUE, ...ENGINE };
