import type { GenerationFact, SessionFact } from '../sessions/facts.ts';
import type { PassageQuality } from '../sessions/quality.ts';
import type { TraceContext } from './tracing-context.ts';

/** Values of attributes, as OpenTelemetry has them. */
type Attributes = Record<string, string | number | boolean | string[]>;

interface TraceEvent {
  name: string;
  at: number;
  attributes: Attributes;
}

/** One span of a trace; times in epoch ms. */
export interface TraceSpan {
  name: string;
  startAt: number;
  endAt: number;
  attributes: Attributes;
  events: TraceEvent[];
  /** What went wrong; null: nothing. */
  error: string | null;
  children: TraceSpan[];
}

/** A narrator turn as a trace, whole. */
export interface TurnTrace {
  context: TraceContext;
  root: TraceSpan;
}

/** What a trace is made of. */
export interface TracedTurn {
  fact: SessionFact;
  generation: GenerationFact;
  /** Pseudonym of who asked. */
  player: string;
  /** The newest measures of the passage; null: none yet. */
  quality: PassageQuality | null;
  flags: Readonly<Record<string, boolean>>;
  /** Why it is kept. */
  kept: readonly string[];
}

function span(name: string, startAt: number, endAt: number, of: Partial<TraceSpan> = {}): TraceSpan {
  return { name, startAt, endAt, attributes: {}, events: [], error: null, children: [], ...of };
}

/** Without those that are not known. */
function known(attributes: Record<string, Attributes[string] | null | undefined>): Attributes {
  const entries = Object.entries(attributes).filter(([, value]) => value !== null && value !== undefined);
  return Object.fromEntries(entries) as Attributes;
}

/** The name of a narrator's request to its model, and its attributes, after OpenTelemetry's conventions for GenAI. */
function chat(
  turn: TracedTurn,
  provider: string,
  of: { startAt: number; firstAt: number; endAt: number },
): TraceSpan[] {
  const { fact, generation } = turn;
  const { sight, finish, reusedTokens, promptHash } = generation;
  if (sight === null) return [];
  const { startAt, firstAt, endAt } = of;
  const attributes = known({
    'gen_ai.operation.name': 'chat',
    'gen_ai.provider.name': provider,
    'gen_ai.request.model': sight.model,
    'gen_ai.request.temperature': sight.sampling.temperature,
    'gen_ai.request.top_p': sight.sampling.topP,
    'gen_ai.request.max_tokens': sight.maxTokens,
    'gen_ai.request.seed': sight.seed,
    'gen_ai.usage.input_tokens': sight.promptTokens,
    'gen_ai.usage.output_tokens': sight.outputTokens,
    'gen_ai.response.finish_reasons': finish === null ? null : [finish],
    'gen_ai.conversation.id': fact.sessionId,
    'story.prompt.version': sight.version,
    'story.prompt.hash': promptHash,
    'story.prompt.reused_tokens': reusedTokens,
    'story.prompt.dropped_passages': sight.droppedPassageIds.length,
    'story.context.tokens': sight.contextTokens,
  });
  const children = [span('story.prefill', startAt, firstAt), span('story.decode', firstAt, endAt)];
  const firstToken = { name: 'gen_ai.first_token', at: firstAt, attributes: {} };
  return [span(`chat ${sight.model}`, startAt, endAt, { attributes, children, events: [firstToken] })];
}

function evaluations({ quality, fact }: TracedTurn): TraceEvent[] {
  if (quality === null) return [];
  return Object.entries(quality.scores).flatMap(([name, score]) =>
    score === null
      ? []
      : [
          {
            name: 'gen_ai.evaluation.result',
            at: Math.max(quality.at, fact.at),
            attributes: known({
              'gen_ai.evaluation.name': name,
              'gen_ai.evaluation.score.value': score,
              'gen_ai.evaluation.score.label': quality.below.some((metric) => metric === name)
                ? 'below'
                : 'ok',
              'story.evaluation.method': quality.methods[name as keyof typeof quality.methods],
            }),
          },
        ],
  );
}

function flagEvents({ flags }: TracedTurn, at: number): TraceEvent[] {
  return Object.entries(flags).map(([flag, isOn]) => ({
    name: 'feature_flag.evaluation',
    at,
    attributes: { 'feature_flag.key': flag, 'feature_flag.result.variant': isOn ? 'on' : 'off' },
  }));
}

/** The trace of a turn, worked out from its timing after its end: nothing is measured for it on the way. */
export function traceOf(turn: TracedTurn, context: TraceContext, provider: string): TurnTrace {
  const { fact, generation, player, kept } = turn;
  const { timing, outcome, turnId } = generation;
  const startAt = fact.at - timing.totalMs;
  const grantedAt = startAt + timing.queueMs;
  const firstAt = grantedAt + timing.prefillMs;
  const lastAt = firstAt + timing.decodeMs;
  const error = outcome === 'failed' ? 'failed' : null;
  const work = chat(turn, provider, { startAt: grantedAt, firstAt, endAt: lastAt });
  for (const each of work) each.error = error;
  const root = span('story.turn', startAt, fact.at, {
    attributes: known({
      'gen_ai.conversation.id': fact.sessionId,
      'story.turn.id': turnId,
      'story.turn.outcome': outcome,
      'story.passage.id': fact.kind === 'passage' ? fact.passageId : null,
      'story.player': player,
      'story.kept': [...kept],
      'error.type': error,
    }),
    events: [...flagEvents(turn, startAt), ...evaluations(turn)],
    error,
    children: [
      span('story.queue', startAt, grantedAt),
      ...work,
      // The last words are screened on their way into the story: what is between last token and end is both.
      span('story.commit', lastAt, fact.at),
    ],
  });
  return { context, root };
}
