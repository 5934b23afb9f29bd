import { z } from 'zod';

/** How often the child proves that its event loop lives, milliseconds. */
export const BEAT_MS = 1_000;

const count = z.number().int();
const promptSchema = z.discriminatedUnion('shape', [
  z.object({ shape: z.literal('continuation'), text: z.string() }),
  z.object({
    shape: z.literal('chat'),
    messages: z.array(z.object({ role: z.enum(['system', 'user', 'assistant']), content: z.string() })),
  }),
]);

/** A JSON schema of an object; what the engine cannot make of it fails the turn. */
const grammarSchema = z.looseObject({ type: z.literal('object') });

const loadSchema = z.object({
  type: z.literal('load'),
  modelPath: z.string(),
  /** Tokens of prompt and output of one turn; the model's own limit may lower it. */
  contextTokens: count,
  /** Most turns in one step. */
  parallel: count,
  /** Stories kept in memory, at least `parallel`; fewer when memory is short. */
  sequences: count,
  /** Prompt tokens of a step: at the start and its bounds. */
  chunk: z.object({ first: count, min: count, max: count }),
  gpu: z.enum(['auto', 'off']),
  /** Processor threads; null: found by trial. */
  threads: count.nullable(),
  beatMs: count,
});
const openSchema = z.object({
  type: z.literal('open'),
  id: z.string(),
  /** Turns with the same key share what is kept of their prompts, others never. */
  story: z.string(),
  prompt: promptSchema,
  maxTokens: count,
  temperature: z.number(),
  topP: z.number(),
  minP: z.number(),
  seed: count.nullable(),
  /** The answer is one object of this schema. */
  grammar: grammarSchema.optional(),
});
const stepSchema = z.object({
  type: z.literal('step'),
  /** Open turns that step now, most important first. */
  run: z.array(z.object({ id: z.string(), isUrgent: z.boolean() })),
  /** Open turns that pause; the first gives its memory up first. */
  paused: z.array(z.string()),
});

/**
 * Parent to child. A `step` is sent only after the report of the one before. A `close` is answered by `closed`,
 * or by the report of the step that runs.
 */
export const orderSchema = z.discriminatedUnion('type', [
  loadSchema,
  openSchema,
  stepSchema,
  z.object({ type: z.literal('close'), id: z.string() }),
  z.object({ type: z.literal('count'), id: z.string(), texts: z.array(z.string()) }),
]);
export type EngineOrder = z.infer<typeof orderSchema>;
/** What the child needs to open a model. */
export type EngineLoad = z.infer<typeof loadSchema>;
/** One turn for the child. */
export type EngineWork = z.infer<typeof openSchema>;
/** Who is in the next step. */
export type EngineStep = z.infer<typeof stepSchema>;

const infoSchema = z.object({
  contextTokens: count,
  shape: z.enum(['continuation', 'chat']),
  /** Stories that fit in memory at once. */
  sequences: count,
  threads: count,
  /** Back-end in use, e.g. 'cuda'; null: the processor. */
  gpu: z.string().nullable(),
  /** Graphics cards by name. */
  devices: z.array(z.string()),
  loadMs: z.number(),
});
/** What the child found out about the model. */
export type EngineInfo = z.infer<typeof infoSchema>;

const openedSchema = z.object({ promptTokens: count, reusedTokens: count });
const doneSchema = z.object({
  finish: z.enum(['end', 'cap', 'stopped']),
  inputTokens: count,
  reusedTokens: count,
  outputTokens: count,
  firstTokenMs: z.number().nullable(),
});
/** How one turn ended in the child. */
export type EngineDone = z.infer<typeof doneSchema>;

const turnSchema = z.object({
  id: z.string(),
  text: z.string(),
  /** What the token meter of the engine rose by for this turn. */
  inputTokens: count,
  outputTokens: count,
  /** Tokens of the prompt that are still to be evaluated. */
  promptLeft: count,
  /** Once a turn: it has got its place in memory. */
  opened: openedSchema.optional(),
  /** The turn is over, well or with a reason why not. */
  done: doneSchema.optional(),
  failed: z.string().optional(),
});
/** What has become of one turn. */
export type EngineTurnReport = z.infer<typeof turnSchema>;

/** Child to parent. */
export const reportSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('beat') }),
  z.object({ type: z.literal('log'), level: z.string(), line: z.string() }),
  /** Loading, 0 to 1. */
  z.object({ type: z.literal('progress'), ratio: z.number() }),
  z.object({ type: z.literal('loaded'), info: infoSchema }),
  z.object({ type: z.literal('load-failed'), reason: z.string() }),
  z.object({ type: z.literal('counted'), id: z.string(), counts: z.array(count) }),
  z.object({ type: z.literal('count-failed'), id: z.string(), reason: z.string() }),
  /** Turns that ended between two steps. */
  z.object({ type: z.literal('closed'), turns: z.array(turnSchema) }),
  /** One step: all that has become of its turns in one message. */
  z.object({
    type: z.literal('stepped'),
    ms: z.number(),
    /** Turns that were in this step, prompts included. */
    width: count,
    /** Prompt tokens that the step might have held. */
    chunk: count,
    /** Stories and turns that lost their place in memory to others. */
    evicted: count,
    /** Tokens in memory over all sequences, and how many fit. */
    residentTokens: count,
    residentCapacity: count,
    turns: z.array(turnSchema),
  }),
]);
export type EngineReport = z.infer<typeof reportSchema>;
/** One step as the child reports it. */
export type EngineStepped = Extract<EngineReport, { type: 'stepped' }>;
