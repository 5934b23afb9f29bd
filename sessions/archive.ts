import * as Y from 'yjs';
import { archiveSchema, type Archive } from './archive-shape.ts';
import { AppError, firstIssue } from './errors.ts';
import { newId, type Random } from './ids.ts';
import { revisionOf, type MemoryItem } from './memory-shape.ts';
import { newSession } from './new-session.ts';
import type { CreateAnswer } from './protocol.ts';
import type { SessionState } from './state.ts';
import { MAIN_BRANCH } from './story-lines.ts';
import { NARRATOR, passageMap, type AlternativeInfo } from './story-shape.ts';
import { Story, type StoryChange } from './story.ts';

type ArchivedPassage = Archive['passages'][number];

/** Parses an archive from outside. Throws AppError ARCHIVE_INVALID naming the first thing that is wrong. */
export function parseArchive(input: unknown): Archive {
  const parsed = archiveSchema.safeParse(input);
  if (parsed.success) return parsed.data;
  throw new AppError('ARCHIVE_INVALID', { detail: firstIssue(parsed.error) });
}

/**
 * A new session from an archive: the importer owns it; former players stay as authors who are gone. Checkpoints and
 * rollbacks are not brought back, since the journal that they point into stays behind.
 */
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
  return { state, story: storyOf(archive), answer: created.answer };
}

function storyOf(archive: Archive): Uint8Array {
  const story = new Story();
  for (const passage of archive.passages) addPassage(story, passage);
  story.apply([
    ...(archive.branches ?? []).map((branch): StoryChange => ({ op: 'branch', branch })),
    ...(archive.scenes ?? []).map((scene): StoryChange => ({ op: 'scene', scene })),
    ...memoryOf(archive, story).map((item): StoryChange => ({ op: 'remember', item })),
    ...(archive.branchId === undefined || archive.branchId === MAIN_BRANCH
      ? []
      : [{ op: 'play' as const, branchId: archive.branchId }]),
  ]);
  return Y.encodeStateAsUpdate(story.doc);
}

function addPassage(story: Story, passage: ArchivedPassage): void {
  const { id: passageId, kind, by, turnId, castId, createdAt, branchId, rollbackId } = passage;
  const isElsewhere = branchId !== undefined && branchId !== MAIN_BRANCH;
  const meta = {
    ...{ kind, by: kind === 'narrator' ? NARRATOR : by, turnId, castId, createdAt },
    ...(isElsewhere ? { branchId } : {}),
  };
  for (const { id: alternativeId, at, spans: texts, info } of passage.alternatives) {
    const spans = passage.isPurged === true ? [] : texts;
    story.apply([
      { op: 'add', passageId, alternativeId, meta, spans, at },
      { op: 'end', passageId, alternativeId, info: definedInfo(info) },
    ]);
  }
  restoreMarks(story, passage);
  const chosen = passage.alternatives[passage.chosen] ?? passage.alternatives[0];
  if (chosen !== undefined) story.apply([{ op: 'choose', passageId, alternativeId: chosen.id }]);
  const { state } = passage;
  if (state === 'shown') return;
  story.apply([{ op: 'mark', passageId, state, ...(rollbackId === undefined ? {} : { rollbackId }) }]);
}

/** Each text keeps the number it had, so that memory goes on to know it; later ones get numbers above. */
function restoreMarks(story: Story, { id, alternatives, isPurged }: ArchivedPassage): void {
  const passage = passageMap(story.doc).get(id);
  const maps = passage?.get('alternatives') as Y.Array<Y.Map<unknown>> | undefined;
  story.doc.transact(() => {
    if (isPurged === true) passage?.set('isPurged', true);
    for (const [index, { edits, editedAt }] of alternatives.entries()) {
      if (edits === undefined) continue;
      const map = maps?.get(index);
      map?.set('edits', edits);
      map?.set('rewrites', edits);
      map?.set('editedAt', editedAt ?? null);
    }
  });
}

/** What is known of texts that are there as they were, and what rests on none. */
function memoryOf({ memory = [] }: Archive, story: Story): MemoryItem[] {
  const named = new Set(memory.flatMap(({ sources }) => sources.map(({ passageId }) => passageId)));
  const revisions = new Map(
    [...named].map((id) => {
      const passage = story.passage(id);
      return [id, passage === null || passage.state === 'held' ? null : revisionOf(passage)];
    }),
  );
  return memory.filter(({ sources }) =>
    sources.every(({ passageId, revision }) => revisions.get(passageId) === revision),
  );
}

function definedInfo(info: ArchivedPassage['alternatives'][number]['info']): AlternativeInfo {
  return {
    ...(info.model === undefined ? {} : { model: info.model }),
    ...(info.version === undefined ? {} : { version: info.version }),
    ...(info.direction === undefined ? {} : { direction: info.direction }),
    ...(info.castId === undefined ? {} : { castId: info.castId }),
    ...(info.finish === undefined ? {} : { finish: info.finish }),
  };
}
