import * as Y from 'yjs';
import { z } from 'zod';
import { AppError, firstIssue } from './errors.ts';
import { newId, type Random } from './ids.ts';
import { LIMITS } from './limits.ts';
import {
  createSessionSchema,
  draftVisibilitySchema,
  nameSchema,
  ratingSchema,
  turnModeSchema,
  type CreateAnswer,
} from './protocol.ts';
import { newSession } from './new-session.ts';
import { entryOf, type SessionState } from './state.ts';
import { NARRATOR, spansText, type Passage } from './story-shape.ts';
import { Story } from './story.ts';
import { cleanLine, cleanText } from './text.ts';

const id = z.string().regex(/^[0-9a-z]{1,40}$/);
const cleaned = (clean: (text: string) => string, max: number) =>
  z
    .string()
    .max(max * 2)
    .transform(clean)
    .pipe(z.string().max(max));
const storyText = cleaned(cleanText, LIMITS.passageLength);

/** Refuses the second of two things with the same id, since one of them would vanish in the other. */
function uniqueIds(things: readonly { id: string }[], context: z.RefinementCtx): void {
  const seen = new Set<string>();
  for (const [index, thing] of things.entries()) {
    if (seen.has(thing.id))
      context.addIssue({ code: 'custom', path: [index, 'id'], message: 'The id is used twice.' });
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
  at: z.number().int().nonnegative(),
  info: z.object({
    model: z.string().max(200).optional(),
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
    createdAt: z.number().int().nonnegative(),
    state: z.enum(['shown', 'held', 'struck']),
    chosen: z.number().int().nonnegative(),
    alternatives: list(alternativeSchema, LIMITS.alternatives, 1).superRefine(uniqueIds),
  })
  .refine((passage) => passage.chosen < passage.alternatives.length, {
    path: ['chosen'],
    message: 'There is no such alternative.',
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

/** The JSON archive of a session (format 1). Unknown keys are ignored, so that later formats stay readable. */
export const archiveSchema = z.object({
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
});
export type Archive = z.infer<typeof archiveSchema>;

/** Everything of a session that can be taken home: all passages, authors, alternatives, settings. No secrets. */
export function exportArchive(state: SessionState, passages: readonly Passage[], now: number): Archive {
  const { settings, turn } = state;
  return {
    format: 'taleloom-archive',
    version: 1,
    exportedAt: new Date(now).toISOString(),
    session: {
      ...settings,
      turnMode: turn.mode,
      timerSeconds: turn.timerSeconds,
      createdAt: state.createdAt,
    },
    cast: state.cast.map(({ id: castId, name, description }) => ({ id: castId, name, description })),
    players: Object.values(state.players).map(({ id: playerId, name, role, colour }) => ({
      id: playerId,
      name,
      role,
      colour,
    })),
    passages: passages.map((passage) => ({
      ...passage,
      alternatives: passage.alternatives.map(({ state: _state, ...alternative }) => alternative),
    })),
    talk: state.talk.map(({ by, at, text }) => ({ by, at, text })),
  };
}

/** Parses an archive from outside. Throws AppError ARCHIVE_INVALID naming the first thing that is wrong. */
export function parseArchive(input: unknown): Archive {
  const parsed = archiveSchema.safeParse(input);
  if (parsed.success) return parsed.data;
  throw new AppError('ARCHIVE_INVALID', {
    detail: firstIssue(parsed.error),
  });
}

/** A new session from an archive: the importer owns it; former players stay as authors who are gone. */
export function importArchive(
  archive: Archive,
  of: { sessionId: string; identityHash: string; ownerName: string; now: number; random: Random },
): { state: SessionState; story: Uint8Array; answer: CreateAnswer } {
  const { session } = archive;
  const created = newSession({ ...session, cast: [], ownerName: of.ownerName }, of);
  const former = archive.players.map(({ id: playerId, name, colour }) => ({
    id: playerId,
    name,
    colour,
    role: 'writer' as const,
    identityHash: null,
    recoveryHash: null,
    joinedAt: session.createdAt,
    isGone: true,
  }));
  const state: SessionState = {
    ...created.state,
    players: { ...Object.fromEntries(former.map((player) => [player.id, player])), ...created.state.players },
    cast: archive.cast.map((member) => ({ ...member, playerId: null, mayBeVoiced: false })),
    talk: archive.talk.map((line) => ({ id: newId(of.random), ...line })),
  };
  return { state, story: storyOf(archive.passages), answer: created.answer };
}

function storyOf(passages: Archive['passages']): Uint8Array {
  const story = new Story();
  for (const passage of passages) {
    const { id: passageId, kind, by, turnId, castId, createdAt } = passage;
    const meta = { kind, by: kind === 'narrator' ? NARRATOR : by, turnId, castId, createdAt };
    for (const { id: alternativeId, at, spans, info } of passage.alternatives) {
      story.apply([
        { op: 'add', passageId, alternativeId, meta, spans, at },
        { op: 'end', passageId, alternativeId, info: definedInfo(info) },
      ]);
    }
    const chosen = passage.alternatives[passage.chosen] ?? passage.alternatives[0];
    if (chosen !== undefined) story.apply([{ op: 'choose', passageId, alternativeId: chosen.id }]);
    if (passage.state !== 'shown') story.apply([{ op: 'mark', passageId, state: passage.state }]);
  }
  return Y.encodeStateAsUpdate(story.doc);
}

type Info = Archive['passages'][number]['alternatives'][number]['info'];

function definedInfo(info: Info) {
  return {
    ...(info.model === undefined ? {} : { model: info.model }),
    ...(info.direction === undefined ? {} : { direction: info.direction }),
    ...(info.castId === undefined ? {} : { castId: info.castId }),
    ...(info.finish === undefined ? {} : { finish: info.finish }),
  };
}

/** The story as Markdown: title, premise, the shown passages, and who wrote it. */
export function exportMarkdown(state: SessionState, passages: readonly Passage[]): string {
  const shown = passages.filter((passage) => passage.state === 'shown');
  const spans = shown.flatMap((passage) => passage.alternatives[passage.chosen]?.spans ?? []);
  const letters = new Map<string, number>();
  for (const span of spans) letters.set(span.author, (letters.get(span.author) ?? 0) + span.text.length);
  const total = [...letters.values()].reduce((sum, count) => sum + count, 0);
  const authors = [...letters]
    .sort((a, b) => b[1] - a[1])
    .map(([author, count]) => {
      const name =
        author === NARRATOR ? 'the narrator (AI)' : (entryOf(state.players, author)?.name ?? 'someone');
      return `- ${escapeMarkdown(name)}: ${Math.round((100 * count) / Math.max(1, total))} %`;
    });
  const premise = state.settings.premise === '' ? [] : [`*${escapeMarkdown(state.settings.premise)}*`];
  const body = shown.map((passage) => spansText(passage.alternatives[passage.chosen]?.spans ?? []));
  const credits = authors.length === 0 ? [] : ['---', 'Written by', authors.join('\n')];
  return `${[`# ${escapeMarkdown(state.settings.title)}`, ...premise, ...body, ...credits].join('\n\n')}\n`;
}

function escapeMarkdown(line: string): string {
  return line.replace(/\s+/g, ' ').replace(/[\\`*_[\]#<>]/g, '\\$&');
}
