import { z } from 'zod';
import { CHANNELS, HARMS, OUTCOMES, SCORES } from '../../sessions/moderator.ts';
import { GENRES, ratingSchema } from '../../sessions/protocol.ts';

const severity = z.number().int().min(0).max(4);
const share = z.number().min(0).max(1);
const harm = z.enum(HARMS);

const bands = z
  .array(z.tuple([share, severity]))
  .refine(
    (list) => list.every(([score], at) => at === 0 || score > (list[at - 1]?.[0] ?? 0)),
    'scores must rise from one band to the next',
  );

const rule = z.strictObject({
  id: z.string().min(1),
  outcome: z.enum(OUTCOMES),
  isStrike: z.boolean(),
  needsHelp: z.boolean(),
});

const channel = z.strictObject({
  isFiction: z.boolean(),
  canSoften: z.boolean(),
  caps: z.partialRecord(harm, severity),
});

/** A policy file: every key is needed, none is unknown. */
export const policySchema = z.strictObject({
  version: z.string().min(1),
  allowed: z.record(ratingSchema, z.record(harm, severity)),
  genres: z.record(z.enum(GENRES), z.partialRecord(harm, z.number().int().min(-1).max(1))),
  depiction: z.array(harm),
  zeroTolerance: z.array(harm),
  channels: z.record(z.enum(CHANNELS), channel),
  soften: z.array(harm),
  bands: z.partialRecord(z.enum(SCORES).and(harm), z.strictObject({ fiction: bands, real: bands })),
  rules: z.array(rule),
  stricter: z.strictObject({ impact: share, history: share }),
  strikes: z.array(harm),
  greyBand: z.tuple([share, share]),
  reasons: z
    .record(z.string(), z.string().min(1))
    .refine(
      (reasons) => [...HARMS, 'unjudged'].every((each) => reasons[each] !== undefined),
      'every kind of harm and "unjudged" need a reason',
    ),
});
export type PolicyContent = z.infer<typeof policySchema>;
