import { storySpans } from './commands/drafts.ts';
import type { DecideContext } from './commands/decision.ts';
import { refuse, type Refusal } from './errors.ts';
import type { PastStory } from './history-ports.ts';
import type { Rollback } from './history-state.ts';
import type { PreviewPassage, RollbackScope } from './history-view.ts';
import { MAIN_BRANCH } from './story-lines.ts';
import { spansText, type Passage, type Span } from './story-shape.ts';
import type { StoryChange } from './story.ts';

// What a rollback does to each passage (K1 to K3, K8). Pure: what stands, and what was, in; what is to be, out.

/** What one passage is to become. Absent parts stay as they are. */
export interface Target {
  passageId: string;
  effect: PreviewPassage['effect'];
  state?: 'shown' | 'struck';
  /** For passages that become struck again: the rollback that had struck them before; null: a person. */
  struckBy?: string | null;
  /** Alternative that takes the place. */
  alternativeId?: string;
  /** What alternatives are to say; `edition`: the number of that text, when it stood there before. */
  texts?: { alternativeId: string; spans: Span[]; edition?: { edits: number; editedAt: number | null } }[];
}

/** What a rollback of some scope does, before anybody has chosen anything. */
export interface Targets {
  ok: true;
  targets: Target[];
  /** The branch to play on, where that is another one; null: it stays. */
  branchId: string | null;
  /** Passages in the part concerned that wait for a game master. */
  waiting: string[];
}

/** All that the scope of a rollback is worked out from. */
export type PlanContext = Pick<DecideContext, 'state' | 'story' | 'passage' | 'past'>;

/** Texts that a rollback may not touch: what waits, what was removed for good, what is out of sight. */
function isFixed(passage: Passage): boolean {
  return passage.state === 'held' || passage.isPurged;
}

function linePassages({ story, passage }: PlanContext, line: readonly string[] = story.line()): Passage[] {
  return line.flatMap((id) => passage(id) ?? []);
}

function chosenOf(passage: Passage): Passage['alternatives'][number] | undefined {
  return passage.alternatives[passage.chosen];
}

function found(targets: Target[], concerned: readonly Passage[], branchId: string | null = null): Targets {
  const waiting = concerned.filter(({ state }) => state === 'held').map(({ id }) => id);
  return { ok: true, targets, branchId, waiting };
}

function strikes(passages: readonly Passage[]): Target[] {
  return passages
    .filter((passage) => passage.state === 'shown' && !isFixed(passage))
    .map(({ id }) => ({ passageId: id, effect: 'strike', state: 'struck' }));
}

/** Everything behind a passage of the line in play goes. */
function behind(context: PlanContext, passageId: string | null): Targets | Refusal {
  const line = context.story.line();
  const index = passageId === null ? -1 : line.indexOf(passageId);
  if (passageId !== null && index < 0) return refuse('PASSAGE_UNKNOWN', 'It is not on the branch in play.');
  const later = linePassages(context, line.slice(index + 1));
  return found(strikes(later), later);
}

/** How one passage becomes what it was; null: it is already, or nobody may see what it was. */
function backTo(now: Passage, then: Passage | undefined): Target | null {
  if (isFixed(now)) return null;
  if (then === undefined)
    return now.state === 'shown' ? { passageId: now.id, effect: 'strike', state: 'struck' } : null;
  if (then.state === 'held' || then.isPurged) return null;
  if (then.state === 'struck' && now.state !== 'shown') return null;
  const was = chosenOf(then);
  const isThere = now.alternatives.some(({ id }) => id === was?.id);
  if (was === undefined || !isThere) return null;
  const texts = textsOf(now, then);
  const isOther = chosenOf(now)?.id !== was.id;
  const words = {
    passageId: now.id,
    ...(isOther ? { alternativeId: was.id } : {}),
    ...(texts.length > 0 ? { texts } : {}),
  };
  if (then.state === 'struck')
    return { ...words, effect: 'strike', state: 'struck', struckBy: then.rollbackId };
  if (spansText(was.spans) === '') return null;
  if (now.state === 'shown' && !isOther && texts.length === 0) return null;
  const effect = now.state === 'struck' ? 'restore' : texts.length > 0 ? 'revert' : 'choose';
  return { ...words, effect, state: 'shown' };
}

/** What alternatives said then, where they say something else now. */
function textsOf(now: Passage, then: Passage): NonNullable<Target['texts']> {
  return then.alternatives.flatMap(({ id: alternativeId, spans, edits, editedAt }) => {
    const today = now.alternatives.find(({ id }) => id === alternativeId);
    const isSame = today === undefined || today.edits === edits;
    return isSame ? [] : [{ alternativeId, spans, edition: { edits, editedAt } }];
  });
}

/** K2: the line that was played then becomes what it was. */
function toState(context: PlanContext, past: PastStory): Targets | Refusal {
  const { story, state } = context;
  const isKnown = story.branches().some(({ id }) => id === past.branchId);
  const branchId = isKnown ? past.branchId : story.branchId();
  const then = new Map(past.passages.map((passage) => [passage.id, passage]));
  const passages = linePassages(context, story.line(branchId));
  const isSealed = (id: string) => (state.history.sealed[id] ?? -1) >= past.at && then.has(id);
  const targets = passages
    .filter(({ id }) => !isSealed(id))
    .flatMap((passage) => backTo(passage, then.get(passage.id)) ?? []);
  return found(
    targets,
    passages.filter(({ id }) => !then.has(id)),
    branchId === story.branchId() ? null : branchId,
  );
}

function one(context: PlanContext, passageId: string): Targets | Refusal {
  const passage = context.passage(passageId);
  if (passage === null) return refuse('PASSAGE_UNKNOWN');
  if (passage.state === 'held') return refuse('PASSAGE_BUSY', 'It waits for a game master.');
  return found(strikes([passage]), []);
}

/** When a passage was written or last changed. */
function timesOf(passage: Passage): number[] {
  const chosen = chosenOf(passage);
  return [passage.createdAt, chosen?.at, chosen?.editedAt].filter((at) => at != null);
}

/** K3: what is all theirs goes, of what they share only their words. */
function ofPlayer(context: PlanContext, scope: Extract<RollbackScope, { kind: 'player' }>): Targets {
  const { playerId, from, to } = scope;
  const concerned = linePassages(context).filter(
    (passage) =>
      chosenOf(passage)?.spans.some(({ author }) => author === playerId) === true &&
      timesOf(passage).some((at) => at >= from && at <= to),
  );
  const targets = concerned.flatMap((passage): Target[] => {
    const chosen = chosenOf(passage);
    const rest = storySpans(chosen?.spans.filter(({ author }) => author !== playerId) ?? []);
    if (rest.length === 0 || chosen === undefined) return strikes([passage]);
    if (passage.state !== 'shown' || isFixed(passage)) return [];
    return [{ passageId: passage.id, effect: 'trim', texts: [{ alternativeId: chosen.id, spans: rest }] }];
  });
  return found(targets, concerned);
}

/** K3: where the narrator has written another alternative, that one takes the place. */
function ofVersion(context: PlanContext, version: string): Targets {
  const isBad = ({ info }: Passage['alternatives'][number]) =>
    info.version === version || info.model === version;
  const concerned = linePassages(context).filter((passage) => {
    const chosen = chosenOf(passage);
    return passage.kind === 'narrator' && chosen !== undefined && isBad(chosen);
  });
  const targets = concerned.flatMap((passage): Target[] => {
    const other = passage.alternatives.findLast(
      (alternative) =>
        !isBad(alternative) && alternative.state === 'complete' && spansText(alternative.spans) !== '',
    );
    if (other === undefined || passage.state !== 'shown' || isFixed(passage)) return strikes([passage]);
    return [{ passageId: passage.id, effect: 'choose', alternativeId: other.id }];
  });
  return found(targets, concerned);
}

/** Whether a passage was written in, or another alternative came, since a rollback. */
function isRewritten(now: Passage, rollback: Rollback): boolean {
  const edits = now.alternatives.map(({ editedAt }) => editedAt ?? 0);
  return Math.max(chosenOf(now)?.at ?? 0, ...edits) > rollback.at;
}

/** Whether a passage still stands, or is gone, as a rollback left it. */
function isUntouched({ state }: PlanContext, now: Passage, rollback: Rollback): boolean {
  if (!rollback.struck.includes(now.id)) return now.state === 'shown' && !isRewritten(now, rollback);
  if (now.state !== 'struck') return false;
  if (!rollback.restruck.includes(now.id)) return now.rollbackId === rollback.id;
  const by = state.history.rollbacks.find(({ id }) => id === now.rollbackId);
  return (by?.at ?? 0) <= rollback.at;
}

/** How a passage becomes what it was before a rollback; words that came into it since stay. */
function backFrom(now: Passage, then: Passage | undefined, rollback: Rollback): Target | null {
  const target = backTo(now, then);
  if (target?.effect !== 'restore' || !isRewritten(now, rollback)) return target;
  return { passageId: now.id, effect: 'restore', state: 'shown' };
}

/** K8: what a rollback touched becomes what it was before; what somebody has changed since stays. */
function undoOf(context: PlanContext, rollbackId: string): Targets | Refusal {
  const { state, past, passage } = context;
  const rollback = state.history.rollbacks.find(({ id }) => id === rollbackId);
  if (rollback === undefined || rollback.undoneBy !== null) return refuse('ROLLBACK_UNKNOWN');
  if (past === null) return refuse('PAST_UNKNOWN');
  const then = new Map(past.passages.map((one) => [one.id, one]));
  const touched = [...new Set([...rollback.struck, ...rollback.restored, ...rollback.changed])];
  const targets = touched.flatMap((id): Target[] => {
    const now = passage(id);
    if (now === null || isFixed(now) || !isUntouched(context, now, rollback)) return [];
    if ((state.history.sealed[id] ?? -1) >= past.at) return [];
    const target = backFrom(now, then.get(id), rollback);
    return target === null ? [] : [target];
  });
  const branchNow = context.story.branchId();
  const isOther = rollback.playedOn === branchNow && past.branchId !== branchNow;
  return found(targets, [], isOther ? past.branchId : null);
}

/** What a rollback of that scope would do to each passage, in story order. */
export function targetsOf(context: PlanContext, scope: RollbackScope): Targets | Refusal {
  switch (scope.kind) {
    case 'point':
      if ('passageId' in scope.to) return behind(context, scope.to.passageId);
      if ('checkpointId' in scope.to && momentOf(context, scope) === null)
        return refuse('CHECKPOINT_UNKNOWN');
      return context.past === null ? refuse('PAST_UNKNOWN') : toState(context, context.past);
    case 'passage':
      return one(context, scope.passageId);
    case 'player':
      return ofPlayer(context, scope);
    case 'version':
      return ofVersion(context, scope.version);
    case 'undo':
      return undoOf(context, scope.rollbackId);
  }
}

/** The moment whose story a scope is worked out from; null: it needs none, or that is not known. */
export function momentOf(
  { state }: Pick<PlanContext, 'state'>,
  scope: RollbackScope,
): { seq: number } | { time: number } | null {
  if (scope.kind === 'undo') {
    const rollback = state.history.rollbacks.find(({ id }) => id === scope.rollbackId);
    return rollback === undefined ? null : { seq: rollback.beforeSeq };
  }
  if (scope.kind !== 'point' || 'passageId' in scope.to) return null;
  if ('time' in scope.to) return { time: scope.to.time };
  const { checkpointId } = scope.to;
  const checkpoint = state.history.checkpoints.find(({ id }) => id === checkpointId);
  return checkpoint === undefined ? null : { seq: checkpoint.seq };
}

/** The story changes of targets. `at`: when, epoch ms. */
export function changesOf(targets: readonly Target[], of: { rollbackId: string; at: number }): StoryChange[] {
  return targets.flatMap(({ passageId, state, struckBy, alternativeId, texts = [] }): StoryChange[] => {
    const changes: StoryChange[] = [];
    if (alternativeId !== undefined) changes.push({ op: 'choose', passageId, alternativeId });
    for (const text of texts) changes.push({ op: 'fill', passageId, at: of.at, ...text });
    const by = struckBy === undefined ? of.rollbackId : struckBy;
    if (state === 'struck')
      changes.push({ op: 'mark', passageId, state, ...(by === null ? {} : { rollbackId: by }) });
    if (state === 'shown') changes.push({ op: 'mark', passageId, state });
    return changes;
  });
}

/** Branches besides the one in play that share passages which go. */
export function sharingBranches({ story }: Pick<PlanContext, 'story'>, going: ReadonlySet<string>): string[] {
  return story
    .branchesOver(going)
    .filter(({ id }) => id !== story.branchId())
    .map(({ id, name }) => (name === '' && id === MAIN_BRANCH ? 'the main story' : name));
}
