import { accept, type Accepted, type DecideContext, type Decision } from './commands/decision.ts';
import { storySpans } from './commands/drafts.ts';
import { newHold } from './commands/safety.ts';
import { maskedSpans, movedSpans, touches } from './edited-spans.ts';
import { refuse, type Refusal } from './errors.ts';
import type { SessionEvent } from './events.ts';
import { LIMITS } from './limits.ts';
import type { Channel, Mask, Verdict } from './moderator.ts';
import { COMMANDS, type Command } from './protocol.ts';
import { isWaiting } from './safety-events.ts';
import type { Hold, Why } from './safety-state.ts';
import { standingOf, withText } from './standing.ts';
import { entryOf, type Draft } from './state.ts';
import { chosenSpans, spansText } from './story-shape.ts';
import type { StoryChange } from './story.ts';

// The hard gate: what others will see of a command is judged before the command is decided, and what was judged
// decides with it. Pure: text in, verdicts in, decision out.

/** A text of a command that others will see. */
export interface GatedText {
  /** The draft it comes from, or the field of the payload. */
  key: string;
  channel: Channel;
  text: string;
  /** Whose it is, where that is not who gives the command. */
  author?: string;
}

/** A text with what was found about it. */
export interface JudgedText extends GatedText {
  verdict: Verdict;
}

function draftTexts(context: DecideContext, drafts: readonly (Draft | undefined)[]): GatedText[] {
  return drafts.flatMap((draft) => {
    if (draft === undefined) return [];
    const text = spansText(storySpans(context.draftSpans(draft.id)));
    return [{ key: draft.id, channel: 'story' as const, text, author: draft.openedBy }];
  });
}

function fields(payload: object, channels: Record<string, Channel>): GatedText[] {
  return Object.entries(channels).flatMap(([key, channel]) => {
    const text = (payload as Record<string, unknown>)[key];
    return typeof text === 'string' ? [{ key, channel, text }] : [];
  });
}

/** Everything in a command that others will see; empty texts need no judgement. */
export function gatedTexts(context: DecideContext, command: Command): GatedText[] {
  const { drafts } = context.state;
  const { name, payload } = command;
  const texts = (): GatedText[] => {
    switch (name) {
      case 'draft:commit':
      case 'turn:submit':
        return draftTexts(context, [entryOf(drafts, payload.draftId)]);
      case 'turn:resolve':
        return draftTexts(
          context,
          Object.values(drafts).filter((draft) => draft.submittedAt !== null),
        );
      case 'talk:say':
        return fields(payload, { text: 'talk' });
      case 'player:rename':
        return fields(payload, { name: 'name' });
      case 'session:settings':
        return fields(payload, { title: 'title', premise: 'story' });
      case 'session:zero':
        return fields(payload, { tone: 'talk', contentNotes: 'talk' });
      case 'cast:add':
      case 'cast:change':
        return fields(payload, { name: 'title', description: 'story' });
      case 'narrator:ask':
        return fields(payload, { direction: 'direction' });
      case 'scene:begin':
      case 'thread:add':
        return fields(payload, { title: 'title' });
      case 'checkpoint:save':
      case 'branch:create':
      case 'branch:rename':
        return fields(payload, { name: 'title' });
      case 'memory:add':
      case 'memory:edit':
        return fields(payload, { text: 'story' });
      case 'rollback:execute':
        return fields(payload, { reason: 'talk' });
      case 'hold:decide':
        return payload.decision === 'approve' ? fields(payload, { text: 'story' }) : [];
      default:
        return [];
    }
  };
  return texts().filter(({ text }) => text !== '');
}

/** H9: what is written instead of personal data in a text that waits: as shown, or dots of the same length. */
function personalMasks(verdict: Verdict): Mask[] {
  const found = verdict.spans.filter(({ source }) => source === 'pii');
  const shown = verdict.masks.filter((mask) => found.some((span) => touches(mask, span)));
  let end = 0;
  const others = [...found]
    .sort((a, b) => a.start - b.start)
    .flatMap((span) => {
      const start = Math.max(end, span.start);
      end = Math.max(end, span.end);
      const isCovered = start >= span.end || shown.some((mask) => touches(mask, span));
      return isCovered ? [] : [{ start, end: span.end, text: '•'.repeat(span.end - start) }];
    });
  return [...shown, ...others].sort((a, b) => a.start - b.start);
}

/** A verdict as it is kept with a text in which `masks` were put. */
function whyOfMasked(verdict: Verdict, masks: readonly Mask[]): Why {
  return whyOf(masks.length === 0 ? verdict : { ...verdict, spans: movedSpans(verdict.spans, masks) });
}

/** A verdict as it is kept. */
export function whyOf(verdict: Verdict): Why {
  const severities = Object.entries(verdict.severities).filter(([, severity]) => severity > 0);
  const { outcome, rules, harm, reason, scores, spans, policyHash, modelVersion } = verdict;
  return {
    outcome,
    rules: rules.slice(0, 20),
    harm,
    reason,
    severities: Object.fromEntries(severities),
    // What is no number could not be read again.
    scores: Object.fromEntries(Object.entries(scores).filter(([, score]) => Number.isFinite(score))),
    spans: spans.slice(0, 200),
    policyHash,
    modelVersion,
  };
}

function isStopped({ verdict }: JudgedText): boolean {
  return verdict.action === 'hold' || verdict.action === 'block';
}

/** A decision, and what its sender is told instead of its answer when the text was not taken. */
export interface Gated {
  decision: Decision;
  refusal: Refusal | null;
}

function standingEvent(context: DecideContext, playerId: string, isStrike: boolean): SessionEvent {
  const standing = withText(standingOf(context.state, playerId), isStrike, context.now);
  return { type: 'standing-changed', playerId, standing };
}

function isFull(context: DecideContext): boolean {
  return context.state.safety.holds.filter(isWaiting).length >= LIMITS.openHolds;
}

/** Personal data is not kept anywhere, not even for an appeal. */
function keptTexts(verdict: Verdict, texts: Hold['texts']): Hold['texts'] {
  return verdict.spans.some(({ source }) => source === 'pii') ? [] : texts;
}

/** H2: a text that is not taken: the author has it still, and is told why; the place it was going to stays empty. */
function refused(context: DecideContext, judged: JudgedText, of: Partial<Hold>): Gated {
  const { verdict, channel, text } = judged;
  const by = of.by ?? context.player.id;
  const refusal = refuse('TEXT_REFUSED', verdict.reason);
  const masks = personalMasks(verdict);
  const given = of.texts ?? [{ alternativeId: 'only', spans: [{ author: by, text }] }];
  const texts = given.map((one, at) => (at === 0 ? { ...one, spans: maskedSpans(one.spans, masks) } : one));
  const kept = spansText(texts[0]?.spans ?? []);
  const isSame = (hold: Hold) =>
    hold.state === 'refused' && hold.by === by && spansText(hold.texts[0]?.spans ?? []) === kept;
  // The same words once more are no second strike.
  if (of.state === undefined && context.state.safety.holds.some(isSame))
    return { decision: accept({}), refusal };
  const hold = newHold({
    id: context.newId(),
    kind: channel === 'talk' ? 'talk' : channel === 'story' && of.draftId != null ? 'passage' : 'note',
    by,
    at: context.now,
    channel,
    state: 'refused',
    why: whyOfMasked(verdict, masks),
    needsHelp: verdict.needsHelp,
    ...of,
    texts,
  });
  const events: SessionEvent[] = [{ type: 'text-held', hold }];
  if (verdict.isStrike) events.push(standingEvent(context, by, true));
  return { decision: accept({ events }), refusal };
}

/** What is kept of a draft that is refused: where its text would have gone, and whose it is. */
function ofDraft(context: DecideContext, draftId: string): Partial<Hold> {
  const draft = context.state.drafts[draftId];
  if (draft === undefined) return { draftId };
  const { openedBy: by, turnId, replaces } = draft;
  const passage = replaces === null ? null : context.passage(replaces);
  const chosen = passage?.alternatives[passage.chosen];
  const alternativeId = chosen?.id ?? 'only';
  const isReplacement = passage !== null && passage.state !== 'held';
  const held = { alternativeId, spans: storySpans(context.draftSpans(draftId)) };
  const texts = isReplacement ? [held, { alternativeId, spans: chosen?.spans ?? [] }] : [held];
  return { draftId, by, turnId, passageId: passage?.id ?? null, isReplacement, texts };
}

function talkGate(context: DecideContext, command: Command, judged: JudgedText, decide: Decide): Gated {
  const { verdict, text } = judged;
  if (verdict.action === 'block') return refused(context, judged, {});
  const masked = withFields(command, [judged]);
  if (masked !== command && !isWithinLimits(masked)) return refused(context, judged, {});
  const decision = decide(context, masked);
  if (!decision.ok) return { decision, refusal: null };
  if (verdict.action === 'hold') {
    if (isFull(context)) return { decision: refuse('HOLDS_FULL'), refusal: null };
    const held = refused(context, judged, { state: 'open' });
    return { ...held, refusal: null };
  }
  const spans = [{ author: context.player.id, text }];
  decision.events.push(
    ...maskNote(context, judged, { kind: 'talk', texts: [{ alternativeId: 'only', spans }] }),
  );
  // Clean talk is no event of its own: passages tell enough of somebody's history.
  if (verdict.isStrike) decision.events.push(standingEvent(context, context.player.id, true));
  return { decision, refusal: null };
}

/** The private note about masked words; the original waits with it for an appeal. */
function maskNote(context: DecideContext, judged: JudgedText, of: Partial<Hold>): SessionEvent[] {
  const { verdict, channel } = judged;
  if (isStopped(judged) || verdict.masks.length === 0) return [];
  const hold = newHold({
    id: context.newId(),
    kind: 'passage',
    by: context.player.id,
    at: context.now,
    channel,
    state: 'masked',
    why: whyOf(verdict),
    needsHelp: verdict.needsHelp,
    ...of,
    texts: keptTexts(verdict, of.texts ?? []),
  });
  return [{ type: 'text-held', hold }];
}

/** The command with masked texts in place of those that were given. */
function withFields(command: Command, judged: readonly JudgedText[]): Command {
  const masked = judged.filter((one) => !isStopped(one) && one.verdict.text !== one.text);
  if (masked.length === 0) return command;
  const texts = Object.fromEntries(masked.map(({ key, verdict }) => [key, verdict.text]));
  return { ...command, payload: { ...command.payload, ...texts } } as Command;
}

/** A typed placeholder may be longer than what it stands for. */
function isWithinLimits({ name, payload }: Command): boolean {
  return COMMANDS[name].safeParse(payload).success;
}

/** Decides a command without regard to what its texts say. */
export type Decide = (context: DecideContext, command: Command) => Decision;
type CommitChange = Extract<StoryChange, { op: 'add' | 'replace' }>;

/** What becomes of one committed draft: shown, shown with masked words, or set aside behind a placeholder. */
function commitGate(context: DecideContext, change: CommitChange, judged: JudgedText) {
  const { verdict, key: draftId } = judged;
  const draft = context.state.drafts[draftId];
  const author = draft?.openedBy ?? context.player.id;
  const ofAuthor = { ...context, player: context.state.players[author] ?? context.player };
  const { passageId } = change;
  const passage = context.passage(passageId);
  const alternativeId =
    change.op === 'add' ? change.alternativeId : (passage?.alternatives[passage.chosen]?.id ?? '');
  if (!isStopped(judged) && draft?.isCarded !== true) {
    const spans = maskedSpans(change.spans, verdict.masks);
    const texts = [
      { alternativeId, spans: change.spans },
      { alternativeId, spans },
    ];
    const note = maskNote(ofAuthor, judged, { passageId, isReplacement: true, texts });
    return {
      changes: [{ ...change, spans }],
      events: [...note, standingEvent(context, author, verdict.isStrike)],
    };
  }
  const isReplacement = change.op === 'replace' && passage?.state !== 'held';
  const masks = personalMasks(verdict);
  const base = chosenSpans(passage);
  const hold = newHold({
    id: context.newId(),
    kind: 'passage',
    by: author,
    at: context.now,
    channel: 'story',
    passageId,
    isReplacement,
    turnId: draft?.turnId ?? null,
    texts: [
      { alternativeId, spans: maskedSpans(change.spans, masks) },
      ...(isReplacement ? [{ alternativeId, spans: base }] : []),
    ],
    why: isStopped(judged) ? whyOfMasked(verdict, masks) : null,
    needsHelp: verdict.needsHelp,
  });
  const changes: StoryChange[] = change.op === 'add' ? [{ ...change, spans: [], state: 'held' }] : [];
  const strike = verdict.isStrike ? [standingEvent(context, author, true)] : [];
  return { changes, events: [{ type: 'text-held' as const, hold }, ...strike] };
}

function isCommit(change: StoryChange): change is CommitChange {
  return change.op === 'add' || change.op === 'replace';
}

/** What the verdicts make of the commits in a decision; each commit event names the draft whose text it is. */
function gateCommits(context: DecideContext, decision: Accepted, judged: readonly JudgedText[]): Accepted {
  const byPassage = new Map(
    decision.events.flatMap((event) =>
      event.type === 'passage-committed' ? [[event.passageId, event.draftId] as const] : [],
    ),
  );
  const gated: Accepted = { ...decision, changes: [], events: [...decision.events] };
  let isHeld = false;
  for (const change of decision.changes) {
    const draftId = isCommit(change) ? byPassage.get(change.passageId) : undefined;
    const text = judged.find(({ key }) => key === draftId);
    const isOfHeld = 'passageId' in change && change.op === 'mark' && isHeld;
    if (!isCommit(change) || text === undefined) {
      // A passage that is held again after it was revised keeps its placeholder.
      if (!isOfHeld) gated.changes.push(change);
      continue;
    }
    const one = commitGate(context, change, text);
    isHeld = isStopped(text) || context.state.drafts[text.key]?.isCarded === true;
    gated.changes.push(...one.changes);
    gated.events = gated.events.map((event) =>
      event.type === 'passage-committed' && event.draftId === text.key ? { ...event, isHeld } : event,
    );
    gated.events.push(...one.events);
  }
  return { ...gated, value: { ...gated.value, ...('isHeld' in gated.value ? { isHeld } : {}) } };
}

function draftGate(context: DecideContext, command: Command, judged: JudgedText[], decide: Decide): Gated {
  const decision = decide(context, command);
  if (!decision.ok) return { decision, refusal: null };
  const blocked = judged.filter(({ verdict }) => verdict.action === 'block');
  const [first] = blocked;
  if (first !== undefined && command.name !== 'turn:resolve')
    return refused(context, first, ofDraft(context, first.key));
  if (first !== undefined) return resolveWithout(context, command, { judged, blocked, decide });
  if (judged.some(isStopped) && isFull(context)) return { decision: refuse('HOLDS_FULL'), refusal: null };
  return { decision: gateCommits(context, decision, judged), refusal: null };
}

/** H2: what is blocked when a round ends goes back to its author, and the others go on without it. */
function resolveWithout(
  context: DecideContext,
  command: Command,
  of: { judged: JudgedText[]; blocked: JudgedText[]; decide: Decide },
): Gated {
  const { judged, blocked, decide } = of;
  const drafts = { ...context.state.drafts };
  const events = blocked.flatMap((one): SessionEvent[] => {
    const draft = drafts[one.key];
    if (draft !== undefined) drafts[one.key] = { ...draft, submittedAt: null };
    const { decision } = refused(context, one, ofDraft(context, one.key));
    return [{ type: 'draft-withdrawn', draftId: one.key }, ...(decision.ok ? decision.events : [])];
  });
  const others = judged.filter((one) => !blocked.includes(one));
  const without = { ...context, state: { ...context.state, drafts } };
  const { decision } = draftGate(without, command, others, decide);
  if (!decision.ok && decision.code !== 'NOTHING_TO_RESOLVE') return { decision, refusal: null };
  const rest = decision.ok ? decision : accept({});
  return { decision: { ...rest, events: [...events, ...rest.events] }, refusal: null };
}

/**
 * H1: decides a command together with what was found about its texts. A passage that is held leaves a placeholder
 * in the story, a line of talk waits, a name, title or direction is refused; a block is refused everywhere.
 */
export function decideJudged(
  context: DecideContext,
  command: Command,
  of: { judged: JudgedText[]; decide: Decide },
): Gated {
  const { judged, decide } = of;
  const [first] = judged;
  if (first === undefined) return { decision: decide(context, command), refusal: null };
  if (command.name === 'talk:say') return talkGate(context, command, first, decide);
  if (/^(draft:commit|turn:submit|turn:resolve)$/.test(command.name))
    return draftGate(context, command, judged, decide);
  // A game master's word stands over the screen's, but not over what no table may allow.
  const isReview = command.name === 'hold:decide';
  const bad = judged.find((one) => (isReview ? one.verdict.outcome === 'block_escalate' : isStopped(one)));
  if (bad === undefined) {
    const masked = isReview ? command : withFields(command, judged);
    if (masked !== command && !isWithinLimits(masked)) return refused(context, first, {});
    return { decision: decide(context, masked), refusal: null };
  }
  const decision = decide(context, command);
  return decision.ok ? refused(context, bad, {}) : { decision, refusal: null };
}
