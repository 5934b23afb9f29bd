import { z } from 'zod';

/** How often the child proves that its event loop lives, milliseconds. */
export const BEAT_MS = 1_000;

const promptSchema = z.discriminatedUnion('shape', [
  z.object({ shape: z.literal('continuation'), text: z.string() }),
  z.object({
    shape: z.literal('chat'),
    messages: z.array(z.object({ role: z.enum(['system', 'user', 'assistant']), content: z.string() })),
  }),
]);

const loadSchema = z.object({
  type: z.literal('load'),
  modelPath: z.string(),
  /** Tokens of prompt and output of one turn; the model's own limit may lower it. */
  contextTokens: z.number().int(),
  /** Turns served at the same time. */
  sequences: z.number().int(),
  gpu: z.enum(['auto', 'off']),
  /** Processor threads; null: found by trial. */
  threads: z.number().int().nullable(),
  beatMs: z.number().int(),
});
const workSchema = z.object({
  type: z.literal('generate'),
  id: z.string(),
  prompt: promptSchema,
  maxTokens: z.number().int(),
  temperature: z.number(),
  topP: z.number(),
  minP: z.number(),
  seed: z.number().int().nullable(),
});

/** Parent to child. */
export const orderSchema = z.discriminatedUnion('type', [
  loadSchema,
  workSchema,
  z.object({ type: z.literal('cancel'), id: z.string() }),
  z.object({ type: z.literal('count'), id: z.string(), texts: z.array(z.string()) }),
]);
export type EngineOrder = z.infer<typeof orderSchema>;
/** What the child needs to open a model. */
export type EngineLoad = z.infer<typeof loadSchema>;
/** One turn for the child. */
export type EngineWork = z.infer<typeof workSchema>;

const infoSchema = z.object({
  contextTokens: z.number().int(),
  shape: z.enum(['continuation', 'chat']),
  sequences: z.number().int(),
  threads: z.number().int(),
  /** Back-end in use, e.g. 'cuda'; null: the processor. */
  gpu: z.string().nullable(),
  /** Graphics cards by name. */
  devices: z.array(z.string()),
  loadMs: z.number(),
});
/** What the child found out about the model. */
export type EngineInfo = z.infer<typeof infoSchema>;

const doneSchema = z.object({
  id: z.string(),
  finish: z.enum(['end', 'cap', 'stopped']),
  inputTokens: z.number().int(),
  outputTokens: z.number().int(),
  firstTokenMs: z.number().nullable(),
});
/** How one turn ended in the child. */
export type EngineDone = z.infer<typeof doneSchema>;

/** Child to parent. */
export const reportSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('beat') }),
  z.object({ type: z.literal('log'), level: z.string(), line: z.string() }),
  /** Loading, 0 to 1. */
  z.object({ type: z.literal('progress'), ratio: z.number() }),
  z.object({ type: z.literal('loaded'), info: infoSchema }),
  z.object({ type: z.literal('load-failed'), reason: z.string() }),
  z.object({ type: z.literal('counted'), id: z.string(), counts: z.array(z.number().int()) }),
  z.object({ type: z.literal('count-failed'), id: z.string(), reason: z.string() }),
  /** One step of everything that runs: all its text in one message. */
  z.object({
    type: z.literal('tick'),
    /** Turns that were in this step, prompts included. */
    width: z.number().int(),
    texts: z.array(z.object({ id: z.string(), text: z.string() })),
    done: z.array(doneSchema),
    failed: z.array(z.object({ id: z.string(), reason: z.string() })),
  }),
]);
export type EngineReport = z.infer<typeof reportSchema>;
/** One step as the child reports it. */
export type EngineTick = Extract<EngineReport, { type: 'tick' }>;
