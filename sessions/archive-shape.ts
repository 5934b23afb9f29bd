import { z } from 'zod';
import { idSchema as id } from './ids.ts';
import { rollbackScopeSchema, timingSchema, type RollbackView } from './history-view.ts';
import { LIMITS } from './limits.ts';
import {
  createSessionSchema,
  draftVisibilitySchema,
  nameSchema,
  ratingSchema,
  turnModeSchema,
} from './protocol.ts';
import { MAIN_BRANCH, type Branch } from './story-lines.ts';
import { NARRATOR, spansText } from './story-shape.ts';
import { cleanLine, cleanText } from './text.ts';

// The JSON archive of a session, format 1. What came after its first release is optional.

/** The most sources over all memory items, and passages over all rollbacks. */
export const MEMORY_SOURCES = 20_000;
export const ROLLED_BACK = 50_000;

const time = z.number().int().nonnegative();
const cleaned = (clean: (text: string) => string, max: number) =>
  z
    .string()
    .max(max * 2)
    .transform(clean)
    .pipe(z.string().max(max));
const storyText = cleaned(cleanText, LIMITS.passageLength);
const title = cleaned(cleanLine, LIMITS.titleLength);

type Issue = [path: PropertyKey[], message: string];

function report(context: z.RefinementCtx, [path, message]: Issue): void {
  context.addIssue({ code: 'custom', path, message });
}

/** Refuses the second of two things with the same id, since one of them would vanish in the other. */
function uniqueIds(things: readonly { id: string }[], context: z.RefinementCtx): void {
  const seen = new Set<string>();
  for (const [index, thing] of things.entries()) {
    if (seen.has(thing.id)) report(context, [[index, 'id'], 'The id is used twice.']);
    seen.add(thing.id);
  }
}

/** A list whose length is judged before its items: they could be millions, each with a fault of its own. */
function list<T extends z.ZodType>(item: T, max: number, min = 0) {
  const fits = (value: unknown) => Array.isArray(value) && value.length >= min && value.length <= max;
  return z.custom<z.input<T>[]>(fits, `This has to be a list of ${min} to ${max}.`).pipe(z.array(item));
}

const alternativeSchema = z.object({
  id,
  at: time,
  /** How often its text was rewritten, and when last; absent: never. */
  edits: time.max(1_000_000).optional(),
  editedAt: time.nullable().optional(),
  info: z.object({
    model: z.string().max(200).optional(),
    version: z.string().max(200).optional(),
    direction: cleaned(cleanText, LIMITS.directionLength).optional(),
    castId: id.optional(),
    finish: z.enum(['end', 'cap', 'stopped', 'broken', 'held']).optional(),
  }),
  spans: list(z.object({ author: id, text: storyText }), LIMITS.passageLength).refine(
    (spans) => spansText(spans).length <= LIMITS.passageLength,
    'The passage is too long.',
  ),
});

const passageSchema = z
  .object({
    id,
    kind: z.enum(['player', 'narrator']),
    by: id,
    turnId: id,
    castId: id.nullable(),
    createdAt: time,
    /** The branch it was written on; absent: the main one. */
    branchId: id.optional(),
    state: z.enum(['shown', 'held', 'struck']),
    /** The rollback that struck it. */
    rollbackId: id.optional(),
    /** Its text was removed for good. */
    isPurged: z.boolean().optional(),
    chosen: z.number().int().nonnegative(),
    alternatives: list(alternativeSchema, LIMITS.alternatives, 1).superRefine(uniqueIds),
  })
  .refine((passage) => passage.chosen < passage.alternatives.length, {
    path: ['chosen'],
    message: 'There is no such alternative.',
  })
  .refine((passage) => passage.isPurged !== true || passage.state === 'struck', {
    path: ['isPurged'],
    message: 'What was removed is struck.',
  });

function spanCount(passages: readonly z.infer<typeof passageSchema>[]): number {
  const alternatives = passages.flatMap((passage) => passage.alternatives);
  return alternatives.reduce((sum, alternative) => sum + alternative.spans.length, 0);
}

const castSchema = z.object({
  id,
  name: nameSchema,
  description: cleaned(cleanLine, LIMITS.castDescriptionLength),
});
const playerSchema = z.object({
  id: id.refine((playerId) => playerId !== NARRATOR, 'That is the narrator.'),
  name: nameSchema,
  role: z.string().max(20),
  colour: z.number().int().min(0).max(11),
});
const talkSchema = z.object({ by: id, at: z.number(), text: cleaned(cleanLine, LIMITS.talkLength) });

const branchSchema = z.object({
  id,
  name: title,
  parentId: id.nullable(),
  fromPassageId: id.nullable(),
  /** Nobody made the main one. */
  by: id.or(z.literal('')),
  at: time,
});
const sceneSchema = z.object({ id, title, branchId: id, afterPassageId: id.nullable(), by: id, at: time });
const memorySchema = z.object({
  id,
  kind: z.enum(['fact', 'summary']),
  text: cleaned(cleanLine, LIMITS.memoryLength),
  sources: list(z.object({ passageId: id, revision: z.string().max(60) }), LIMITS.passages),
  isPinned: z.boolean(),
  by: id,
  at: time,
  span: z.enum(['passages', 'scene']).nullable(),
});

const passageIds = list(id, LIMITS.passages);
const checkpointSchema = z.object({
  id,
  kind: z.enum(['named', 'scene', 'regular', 'rollback', 'idle']),
  name: title,
  at: time,
  by: id.nullable(),
  branchId: id,
  passageId: id.nullable(),
});
const rollbackSchema = z.object({
  id,
  at: time,
  by: id,
  scope: rollbackScopeSchema,
  reason: cleaned(cleanLine, LIMITS.noteLength),
  timing: timingSchema,
  summary: cleaned(cleanLine, 2 * LIMITS.noteLength),
  struck: passageIds,
  restored: passageIds,
  changed: passageIds,
  branchId: id.nullable(),
  undoneBy: id.nullable(),
});
/** What happened to the story, to be read; a session made of the archive does not go back to it. */
const timelineSchema = z.object({
  checkpoints: list(checkpointSchema, 2 * LIMITS.checkpoints).superRefine(uniqueIds),
  rollbacks: list(rollbackSchema, LIMITS.rollbacks)
    .superRefine(uniqueIds)
    .refine(
      (all) => all.reduce((sum, one) => sum + rolledBack(one), 0) <= ROLLED_BACK,
      'They name too many passages.',
    ),
});

/** How many passages a rollback names. */
export function rolledBack(of: Pick<RollbackView, 'struck' | 'restored' | 'changed'>): number {
  return of.struck.length + of.restored.length + of.changed.length;
}

/** Branches whose parents are there and lead to the main one. */
function branchIssues(branches: readonly Branch[], isPassage: (id: string) => boolean): Issue[] {
  const parents = new Map(branches.map(({ id: branchId, parentId }) => [branchId, parentId]));
  const leadsHome = (from: string): boolean => {
    const seen = new Set<string>();
    for (let at: string | null | undefined = from; at != null && !seen.has(at); at = parents.get(at)) {
      if (at === MAIN_BRANCH) return true;
      seen.add(at);
    }
    return false;
  };
  return branches.flatMap(({ id: branchId, parentId, fromPassageId }, index): Issue[] => {
    if ((branchId === MAIN_BRANCH) !== (parentId === null) || !leadsHome(branchId))
      return [[['branches', index, 'parentId'], 'It does not lead to the main branch.']];
    if (fromPassageId === null || isPassage(fromPassageId)) return [];
    return [[['branches', index, 'fromPassageId'], 'There is no such passage.']];
  });
}

interface Lines {
  passages: { id: string; branchId?: string | undefined }[];
  branches?: Branch[] | undefined;
  branchId?: string | undefined;
  scenes?: { branchId: string; afterPassageId: string | null }[] | undefined;
  memory?: { sources: unknown[] }[] | undefined;
}

/** What names something that is not in the archive. */
function lineIssues({
  passages,
  branches = [],
  branchId = MAIN_BRANCH,
  scenes = [],
  memory = [],
}: Lines): Issue[] {
  const known = new Set([MAIN_BRANCH, ...branches.map((branch) => branch.id)]);
  const ids = new Set(passages.map((passage) => passage.id));
  const noBranch = (path: PropertyKey[], of: string): Issue[] =>
    known.has(of) ? [] : [[[...path, 'branchId'], 'There is no such branch.']];
  return [
    ...branchIssues(branches, (passageId) => ids.has(passageId)),
    ...noBranch([], branchId),
    ...passages.flatMap((passage, index) => noBranch(['passages', index], passage.branchId ?? MAIN_BRANCH)),
    ...scenes.flatMap((scene, index): Issue[] => [
      ...noBranch(['scenes', index], scene.branchId),
      ...(scene.afterPassageId === null || ids.has(scene.afterPassageId)
        ? []
        : [[['scenes', index, 'afterPassageId'], 'There is no such passage.'] satisfies Issue]),
    ]),
    ...(memory.reduce((sum, { sources }) => sum + sources.length, 0) > MEMORY_SOURCES
      ? [[['memory'], 'Its items have too many sources.'] satisfies Issue]
      : []),
  ];
}

/** The JSON archive of a session (format 1). Unknown keys are ignored, so that later formats stay readable. */
export const archiveSchema = z
  .object({
    format: z.literal('taleloom-archive'),
    version: z.literal(1),
    exportedAt: z.string().max(40),
    session: z.object({
      title: createSessionSchema.shape.title,
      premise: createSessionSchema.shape.premise,
      rating: ratingSchema,
      draftVisibility: draftVisibilitySchema,
      autoCommitIdleMs: createSessionSchema.shape.autoCommitIdleMs,
      turnMode: turnModeSchema,
      timerSeconds: createSessionSchema.shape.timerSeconds,
      createdAt: z.number().int().nonnegative(),
    }),
    cast: list(castSchema, LIMITS.castLength).superRefine(uniqueIds),
    players: list(playerSchema, 5_000).superRefine(uniqueIds),
    passages: list(passageSchema, LIMITS.passages)
      .superRefine(uniqueIds)
      .refine((passages) => spanCount(passages) <= LIMITS.archiveSpans, 'It has too many spans.'),
    talk: list(talkSchema, LIMITS.talkKept),
    branches: list(branchSchema, LIMITS.branches + 1)
      .superRefine(uniqueIds)
      .optional(),
    /** The branch in play; absent: the main one. */
    branchId: id.optional(),
    scenes: list(sceneSchema, LIMITS.scenes).superRefine(uniqueIds).optional(),
    memory: list(memorySchema, LIMITS.memoryItems).superRefine(uniqueIds).optional(),
    timeline: timelineSchema.optional(),
  })
  .superRefine((archive, context) => {
    for (const issue of lineIssues(archive)) report(context, issue);
  });
export type Archive = z.infer<typeof archiveSchema>;
