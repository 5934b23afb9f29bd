import { refuse } from '../errors.ts';
import type { Checkpoint } from '../history-state.ts';
import { LIMITS } from '../limits.ts';
import { MAIN_BRANCH, type Branch } from '../story-lines.ts';
import { accept, type DecideContext, type Handler } from './decision.ts';

/** The state of the story as it stands, under a name of its own (B5). */
export function newCheckpoint(
  context: Pick<DecideContext, 'story' | 'seq' | 'now' | 'newId'>,
  of: Pick<Checkpoint, 'kind' | 'name' | 'by'>,
): Checkpoint {
  const { story, seq, now } = context;
  const passageId = story.line().at(-1) ?? null;
  return { ...of, id: context.newId(), seq, at: now, branchId: story.branchId(), passageId };
}

/** A new scene begins behind the last passage; before it, a checkpoint. */
export const beginScene: Handler<'scene:begin'> = (context, { title }) => {
  const { story, player, now } = context;
  if (story.sceneCount() >= LIMITS.scenes) return refuse('SCENES_FULL');
  const afterPassageId = story.line().at(-1) ?? null;
  // Two scenes at one place are one with another title.
  const here = story
    .scenes()
    .find((scene) => scene.afterPassageId === afterPassageId && scene.branchId === story.branchId());
  const id = here?.id ?? context.newId();
  const scene = { id, title, branchId: story.branchId(), afterPassageId, by: player.id, at: now };
  const checkpoint = newCheckpoint(context, { kind: 'scene', name: title, by: player.id });
  return accept({
    events: [
      { type: 'checkpoint-saved', checkpoint },
      { type: 'scene-begun', sceneId: id, title, by: player.id },
    ],
    changes: [{ op: 'scene', scene }],
    value: { sceneId: id },
  });
};

/** Keeps the story as it stands under a name. */
export const saveCheckpoint: Handler<'checkpoint:save'> = (context, { name }) => {
  const named = context.state.history.checkpoints.filter(({ kind }) => kind === 'named');
  if (named.length >= LIMITS.checkpoints) return refuse('CHECKPOINTS_FULL');
  const checkpoint = newCheckpoint(context, { kind: 'named', name, by: context.player.id });
  return accept({
    events: [{ type: 'checkpoint-saved', checkpoint }],
    value: { checkpointId: checkpoint.id },
  });
};

/** A branch that leaves the one a passage is reached on; null: when there is no such passage, or no room. */
export function newBranch(
  context: DecideContext,
  of: { passageId: string | null; name: string },
): Branch | ReturnType<typeof refuse> {
  const { story, player, now } = context;
  if (story.branches().length > LIMITS.branches) return refuse('BRANCHES_FULL');
  const inPlay = story.branchId();
  const over = of.passageId === null ? null : story.branchesOver(new Set([of.passageId]));
  const parent = over === null || over.some(({ id }) => id === inPlay) ? inPlay : over[0]?.id;
  if (parent === undefined) return refuse('PASSAGE_UNKNOWN');
  return {
    id: context.newId(),
    name: of.name,
    parentId: parent,
    fromPassageId: of.passageId,
    by: player.id,
    at: now,
  };
}

/** B3, B4: the story goes on from behind a passage, differently. */
export const createBranch: Handler<'branch:create'> = (context, payload) => {
  const branch = newBranch(context, payload);
  if ('ok' in branch) return branch;
  const { id: by } = context.player;
  return accept({
    events: [
      { type: 'branch-made', branchId: branch.id, by },
      { type: 'branch-switched', branchId: branch.id, by },
    ],
    changes: [
      { op: 'branch', branch },
      { op: 'play', branchId: branch.id },
    ],
    value: { branchId: branch.id },
  });
};

export const renameBranch: Handler<'branch:rename'> = ({ story, player }, { branchId, name }) => {
  const branch = story.branches().find(({ id }) => id === branchId);
  if (branch === undefined) return refuse('BRANCH_UNKNOWN');
  return accept({
    events: [{ type: 'branch-renamed', branchId, by: player.id }],
    changes: [{ op: 'branch', branch: { ...branch, name } }],
  });
};

/** B4: the table plays on another branch. */
export const switchBranch: Handler<'branch:switch'> = ({ story, player }, { branchId }) => {
  if (branchId !== MAIN_BRANCH && !story.branches().some(({ id }) => id === branchId))
    return refuse('BRANCH_UNKNOWN');
  if (branchId === story.branchId()) return accept({});
  return accept({
    events: [{ type: 'branch-switched', branchId, by: player.id }],
    changes: [{ op: 'play', branchId }],
  });
};
