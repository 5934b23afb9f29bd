import type * as Y from 'yjs';
import { MEMORY_SOURCES, ROLLED_BACK, rolledBack, type Archive } from './archive-shape.ts';
import { checkpointView, rollbackView, type History } from './history-state.ts';
import { LIMITS } from './limits.ts';
import { memoryRecords } from './memory-shape.ts';
import { branchInPlay, branchMap, MAIN_BRANCH, readBranches, sceneMap } from './story-lines.ts';
import type { SessionState } from './state.ts';
import { passageMap, passageOrder, readPassage, type Alternative, type Passage } from './story-shape.ts';

type ArchivedPassage = Archive['passages'][number];
type ArchivedAlternative = ArchivedPassage['alternatives'][number];

function alternativeOf({ id, at, edits, editedAt, info, spans }: Alternative): ArchivedAlternative {
  return { id, at, info, spans, ...(edits === 0 && editedAt === null ? {} : { edits, editedAt }) };
}

/** A passage as an archive has it. What was removed for good has no text. */
export function archivedPassage(passage: Passage): ArchivedPassage {
  const { id, kind, by, turnId, castId, createdAt, branchId, state, chosen } = passage;
  const alternatives = passage.alternatives.map(alternativeOf);
  return {
    ...{ id, kind, by, turnId, castId, createdAt, state, chosen },
    ...(branchId === undefined || branchId === MAIN_BRANCH ? {} : { branchId }),
    ...(passage.rollbackId === null ? {} : { rollbackId: passage.rollbackId }),
    ...(passage.isPurged ? { isPurged: true } : {}),
    alternatives: passage.isPurged ? alternatives.map((one) => ({ ...one, spans: [] })) : alternatives,
  };
}

/** The newest of a list whose sizes add up to `room` at most. */
function newestWithin<T>(all: readonly T[], room: number, sizeOf: (one: T) => number): T[] {
  let left = room;
  const first = all.findLastIndex((one) => (left -= sizeOf(one)) < 0);
  return all.slice(first + 1);
}

function timelineOf({ checkpoints, rollbacks }: History): NonNullable<Archive['timeline']> {
  return {
    checkpoints: checkpoints.map(checkpointView),
    rollbacks: newestWithin(rollbacks, ROLLED_BACK, rolledBack).map(rollbackView),
  };
}

function linesOf(story: Y.Doc): Pick<Archive, 'branches' | 'branchId' | 'scenes' | 'memory'> {
  const isStored = branchMap(story);
  const memory = memoryRecords(story).slice(-LIMITS.memoryItems);
  return {
    branches: readBranches(story).filter(({ id }) => isStored.has(id)),
    branchId: branchInPlay(story),
    scenes: [...sceneMap(story)]
      .map(([id, scene]) => ({ id, ...scene }))
      .sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1)),
    memory: newestWithin(memory, MEMORY_SOURCES, ({ sources }) => sources.length),
  };
}

/** Everything but the passages, which may be many: `archivedPassage` makes them one by one. */
export function archiveFrame(of: {
  state: SessionState;
  story: Y.Doc;
  now: number;
}): Omit<Archive, 'passages'> {
  const { settings, turn, cast, players, talk, createdAt, history } = of.state;
  return {
    format: 'taleloom-archive',
    version: 1,
    exportedAt: new Date(of.now).toISOString(),
    session: { ...settings, turnMode: turn.mode, timerSeconds: turn.timerSeconds, createdAt },
    cast: cast.map(({ id, name, description }) => ({ id, name, description })),
    players: Object.values(players).map(({ id, name, role, colour }) => ({ id, name, role, colour })),
    talk: talk.map(({ by, at, text }) => ({ by, at, text })),
    ...linesOf(of.story),
    timeline: timelineOf(history),
  };
}

/**
 * Everything of a session that can be taken home: all passages of all branches, struck ones too, with authors,
 * alternatives, scenes and memory; settings, and what happened to the story. No secrets.
 */
export function exportArchive(of: { state: SessionState; story: Y.Doc; now: number }): Archive {
  const passages = passageMap(of.story);
  const all = passageOrder(of.story).map((id) => {
    const map = passages.get(id);
    return map === undefined ? [] : [archivedPassage(readPassage(id, map))];
  });
  return { ...archiveFrame(of), passages: all.flat() };
}
