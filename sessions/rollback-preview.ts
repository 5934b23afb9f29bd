import type { DecideContext } from './commands/decision.ts';
import { dependents, type StoryPassage } from './dependencies.ts';
import { adviceOf, timingOf, type DisruptionInput } from './disruption.ts';
import type { Refusal } from './errors.ts';
import type { PreviewDraft, PreviewPassage, RollbackPreview, RollbackScope } from './history-view.ts';
import { sharingBranches, targetsOf, type Target, type Targets } from './rollback-plan.ts';
import { isWaiting } from './safety-events.ts';
import { sha256 } from './secrets.ts';
import { activePlayer, type Draft } from './state.ts';
import { scenesOf } from './story-lines.ts';
import { chosenSpans, chosenText, spansText, type Passage } from './story-shape.ts';

// What a game master sees before a rollback (K4). Pure.

const EXCERPT = 160;
/** Tokens that a narrator turn may sample when nobody said, and characters of a token, roughly. */
const USUAL_TOKENS = 220;
const TOKEN_LENGTH = 4;

/** A preview together with what it was made of. */
export interface Plan {
  ok: true;
  preview: RollbackPreview;
  targets: Targets;
}

function excerptOf(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length <= EXCERPT ? line : `${line.slice(0, EXCERPT - 1).trimEnd()}…`;
}

function wordsOf(text: string): number {
  return text.match(/\S+/g)?.length ?? 0;
}

/** Passages whose text, as it stands, goes: struck, or rewritten. */
export function affectedBy(targets: readonly Target[]): Set<string> {
  const isGone = ({ state, texts, alternativeId }: Target) =>
    state === 'struck' || texts !== undefined || alternativeId !== undefined;
  return new Set(targets.filter(isGone).map(({ passageId }) => passageId));
}

/** Open drafts of passages whose text goes. */
export function affectedDrafts(context: DecideContext, affected: ReadonlySet<string>): Draft[] {
  return Object.values(context.state.drafts).filter(
    ({ replaces }) => replaces !== null && affected.has(replaces),
  );
}

function previewPassage(passage: Passage, effect: Target['effect']): PreviewPassage {
  const spans = chosenSpans(passage);
  const text = spansText(spans);
  return {
    passageId: passage.id,
    by: passage.by,
    authors: [...new Set(spans.map(({ author }) => author))],
    excerpt: excerptOf(text),
    words: wordsOf(text),
    effect,
  };
}

function previewDraft(context: DecideContext, draft: Draft): PreviewDraft {
  const authors = context.draftSpans(draft.id).map(({ author }) => author);
  const typing = [...context.typing].filter(([, draftId]) => draftId === draft.id);
  return {
    draftId: draft.id,
    openedBy: draft.openedBy,
    writers: [...new Set(authors)].filter((author) => context.state.players[author] !== undefined),
    typing: typing.map(([playerId]) => playerId),
  };
}

/** Passages before the first that goes which tell how much the table would feel of it. */
const NEAR_PASSAGES = 20;

/**
 * The shown passages of the line in play, with their scenes: all where others follow on those that go, since what was
 * known before matters to those; else only the end of it, so that a long story makes no difference.
 */
function storyLine(
  context: DecideContext,
  affected: ReadonlySet<string>,
): { passages: Passage[]; line: StoryPassage[] } {
  const ids = context.story.line();
  const first = ids.findIndex((id) => affected.has(id));
  const isFollowed = first >= 0 && ids.slice(first).some((id) => !affected.has(id));
  const from = isFollowed ? 0 : Math.max(0, (first < 0 ? ids.length : first) - NEAR_PASSAGES);
  const runs = scenesOf(ids, context.story.scenes());
  const placed = runs.flatMap(({ passageIds }, scene) => passageIds.map((id) => ({ id, scene })));
  const shown = placed.slice(from).flatMap(({ id, scene }) => {
    const passage = context.passage(id);
    return passage?.state === 'shown' ? [{ passage, scene }] : [];
  });
  return {
    passages: shown.map(({ passage }) => passage),
    line: shown.map(({ passage, scene }) => {
      const { id, turnId, by } = passage;
      return { id, turnId, by, scene, text: chosenText(passage) };
    }),
  };
}

/** Whose names appear in a text; `of`: names by id. */
function namedIn(text: string, of: readonly { id: string; name: string }[]): string[] {
  const lower = text.toLowerCase();
  return of.filter(({ name }) => lower.includes(name.toLowerCase())).map(({ id }) => id);
}

/** Share of the text that a narrator turn may write that is there already; null: none writes. */
function streamed({ state, passage }: DecideContext): number | null {
  const turn = state.narratorTurns.find(({ state: of }) => of === 'generating');
  if (turn === undefined) return null;
  const written = turn.passageId === null ? null : passage(turn.passageId);
  const alternative = written?.alternatives.find(({ id }) => id === turn.alternativeId);
  const tokens = spansText(alternative?.spans ?? []).length / TOKEN_LENGTH;
  return Math.min(1, tokens / (turn.maxTokens ?? USUAL_TOKENS));
}

function share(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}

/** What players would feel of it, see `disruption`: characters are the cast, or without one the authors. */
function disruptionOf(
  context: DecideContext,
  line: readonly StoryPassage[],
  gone: ReadonlySet<string>,
): DisruptionInput {
  const first = line.findIndex(({ id }) => gone.has(id));
  const near = line.slice(-5);
  const nearText = near.map(({ text }) => text).join('\n');
  const goneText = line
    .filter(({ id }) => gone.has(id))
    .map(({ text }) => text)
    .join('\n');
  const cast = namedIn(nearText, context.state.cast);
  const named = new Set(namedIn(goneText, context.state.cast));
  const authors = [...new Set(near.map(({ by }) => by))];
  const goneAuthors = new Set(line.filter(({ id }) => gone.has(id)).map(({ by }) => by));
  const affectedShare =
    cast.length > 0
      ? share(cast.filter((id) => named.has(id)).length, cast.length)
      : share(authors.filter((id) => goneAuthors.has(id)).length, authors.length);
  const last = line.slice(-20).map(({ id, text }) => ({ words: wordsOf(text), isGone: gone.has(id) }));
  const sum = (of: typeof last) => of.reduce((total, { words }) => total + words, 0);
  return {
    turns: first < 0 ? 0 : line.length - first,
    streamed: streamed(context),
    affectedShare,
    wordShare: share(sum(last.filter(({ isGone }) => isGone)), sum(last)),
    present: Object.values(context.state.players).filter(({ id, isGone }) => !isGone && context.isPresent(id))
      .length,
  };
}

/** Passages that go though another text for them waits for a game master. */
function waitingEdits({ state }: DecideContext, affected: ReadonlySet<string>): string[] {
  return state.safety.holds.flatMap((hold) =>
    isWaiting(hold) && hold.passageId !== null && affected.has(hold.passageId) ? [hold.passageId] : [],
  );
}

/** Names a plan by what it does: the same id, the same plan (K5). */
function planIdOf(
  { targets, branchId }: Targets,
  built: RollbackPreview['dependents'],
  drafts: readonly Draft[],
): string {
  const what = [
    branchId,
    targets.map(({ texts = [], ...target }) => [target, texts.map(({ spans }) => spansText(spans))]),
    built.map(({ passageId, preset }) => [passageId, preset]),
    drafts.map(({ id }) => id),
  ];
  return sha256(JSON.stringify(what)).slice(0, 20);
}

/** The plan for a scope as things stand, or why there is none. */
export function planRollback(context: DecideContext, scope: RollbackScope): Plan | Refusal {
  const targets = targetsOf(context, scope);
  if (!targets.ok) return targets;
  const { state, story } = context;
  const affected = affectedBy(targets.targets);
  const { passages, line } = storyLine(context, affected);
  const going = new Set(
    targets.targets.filter(({ state: to }) => to === 'struck').map(({ passageId }) => passageId),
  );
  const byId = new Map(passages.map((passage) => [passage.id, passage]));
  const names = state.cast.map(({ name }) => name);
  const built = dependents(line, going, names, context.terms).flatMap((dependent) => {
    const passage = byId.get(dependent.passageId);
    return passage === undefined
      ? []
      : [{ ...dependent, by: passage.by, excerpt: excerptOf(chosenText(passage)) }];
  });
  const drafts = affectedDrafts(context, affected);
  const input = disruptionOf(context, line, affected);
  const gates = { isSafety: false, canServe: true, isLocked: false, canWait: true };
  const advised = timingOf(input, gates);
  const goneText = line
    .filter(({ id }) => affected.has(id))
    .map(({ text }) => text)
    .join('\n');
  const preview: RollbackPreview = {
    planId: planIdOf(targets, built, drafts),
    scope,
    passages: targets.targets.flatMap(({ passageId, effect }) => {
      const passage = context.passage(passageId);
      return passage === null ? [] : [previewPassage(passage, effect)];
    }),
    dependents: built,
    drafts: drafts.map((draft) => previewDraft(context, draft)),
    memory: story
      .currentMemory()
      .filter(({ sources }) => sources.some(({ passageId }) => affected.has(passageId)))
      .map(({ id, kind, text, isPinned }) => ({ itemId: id, kind, text, isPinned })),
    castIds: namedIn(goneText, state.cast),
    narratorTurns: state.narratorTurns
      .filter((turn) => turn.state === 'generating')
      .map(({ turnId }) => turnId),
    waiting: [...new Set([...targets.waiting, ...waitingEdits(context, affected)])],
    sharedWith: sharingBranches(context, going),
    disruption: advised.score,
    advised: scope.kind === 'undo' ? 'now' : advised.timing,
    advice: scope.kind === 'undo' ? 'Taking a rollback back takes place at once.' : adviceOf(advised, gates),
  };
  return { ok: true, preview, targets };
}

/** Who is asked about a passage: its author, while they are in the session; else nobody. */
export function askedAbout(context: DecideContext, passageId: string): string | null {
  const by = context.passage(passageId)?.by ?? '';
  return activePlayer(context.state, by)?.id ?? null;
}
