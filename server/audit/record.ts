import { z } from 'zod';
import { QUALITY_METRICS } from '../../sessions/quality.ts';

/** What a record is about. `route_change` and `quality` are not written yet. */
export const RECORD_TYPES = [
  'character_dialogue',
  'plot_development',
  'user_choice',
  'edit',
  'moderation',
  'rollback',
  'route_change',
  'gm_action',
  'join',
  'leave',
  'turn_ended',
  'feedback',
  'intervention',
  'quality',
  'purge',
  'tombstone',
  'restart',
] as const;
export type RecordType = (typeof RECORD_TYPES)[number];

const count = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
const id = z.string().regex(/^[0-9a-z]{1,40}$/);
const ids = z.array(id).max(5_000);
/** What our own code says; never words of people. */
const word = z.string().regex(/^[a-zA-Z0-9][a-zA-Z0-9_.:/ -]{0,79}$/);
const label = z.string().max(200);
const hash = z.string().regex(/^[0-9a-f]{64}$/);
/** Keyed pseudonym of an id. */
const ref = z.string().regex(/^[0-9a-f]{32}$/);
const ms = z.number().min(0);

const actorSchema = z.strictObject({
  kind: z.enum(['player', 'gm', 'moderator', 'operator', 'model', 'system']),
  ref: ref.nullable(),
});
const contentSchema = z.strictObject({
  commit: hash,
  /** UTF-16 units. */
  chars: count,
  /** BCP 47; `und`: not told. */
  lang: z.string().regex(/^[a-z]{2,3}$/),
  /** SHA-256 of the encrypted text. */
  blob: hash,
  keyId: id,
});
const modelSchema = z.strictObject({
  outcome: z.enum(['committed', 'empty', 'failed', 'cancelled']),
  finish: label.nullable(),
  askedBy: ref,
  version: label.nullable(),
  name: label.nullable(),
  promptHash: hash.nullable(),
  params: z
    .strictObject({
      temperature: z.number(),
      top_p: z.number(),
      min_p: z.number(),
      max_tokens: count,
      seed: z.number().nullable(),
    })
    .nullable(),
  tokens: z.strictObject({ context: count, in: count, reused: count, out: count }).nullable(),
  /** What the prompt had no room for. */
  dropped: z.strictObject({ passages: count, memory: count }).nullable(),
  ms: z.strictObject({ queue: ms, prefill: ms, decode: ms, post: ms, total: ms }),
});
const decisionSchema = z.strictObject({
  step: word,
  rule: word.nullable(),
  inputsHash: hash.nullable(),
  output: word.nullable(),
});

/** The rules under which records are kept: all of them, or there is no record. */
export const profileSchema = z.strictObject({
  jurisdiction: word,
  retentionDays: count.min(1),
  basis: word,
});

/** One record of the audit log. No text, no names: see docs/audit.md. */
export const recordSchema = z.strictObject({
  v: z.literal(1),
  /** Place in the tree. */
  seq: count,
  id: z.string().regex(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/),
  /** When it happened, epoch ms. */
  ts: count,
  type: z.enum(RECORD_TYPES),
  session: id.optional(),
  /** Which record of the session it is, from 1; `journal`: what it follows from, null: no event of a player. */
  nth: count.min(1).optional(),
  journal: count.nullable().optional(),
  turn: id.optional(),
  passage: id.optional(),
  alternative: id.optional(),
  character: id.optional(),
  actor: actorSchema,
  content: contentSchema.optional(),
  model: modelSchema.optional(),
  quality: z
    .partialRecord(z.enum(QUALITY_METRICS), z.number().min(0).max(1).nullable())
    .nullable()
    .optional(),
  moderation: z
    .strictObject({
      decision: word,
      rule: word.nullable(),
      severity: z.number().min(0).nullable(),
      hold: id,
    })
    .optional(),
  rollback: z
    .strictObject({
      id,
      disruption: z.number(),
      struck: count,
      restored: count,
    })
    .optional(),
  purged: z.strictObject({ passages: ids }).optional(),
  erased: z.strictObject({ subject: ref, keyIds: z.array(id).max(100) }).optional(),
  interaction: z.strictObject({ kind: word, historyPassages: count.nullable() }),
  decisions: z.array(decisionSchema).max(20),
  compliance: profileSchema.extend({ class: z.enum(['public', 'session', 'personal']) }),
  trace: label.nullable(),
});
export type AuditRecord = z.infer<typeof recordSchema>;

/** A record before it has its place. */
export const draftSchema = recordSchema.omit({ v: true, seq: true, id: true, nth: true });
