import { accept, type Accepted, type DecideContext, type Decision } from './commands/decision.ts';
import { storySpans } from './commands/drafts.ts';
import { cutSpans } from './commands/review.ts';
import { newHold } from './commands/safety.ts';
import { refuse, type Refusal } from './errors.ts';
import type { SessionEvent } from './events.ts';
import { LIMITS } from './limits.ts';
import type { Channel, Mask, Verdict } from './moderator.ts';
import type { Command } from './protocol.ts';
import { isWaiting } from './safety-events.ts';
import type { Hold, Why } from './safety-state.ts';
import { standingOf, withText } from './standing.ts';
import { entryOf, type Draft } from './state.ts';
import { spansText, type Span } from './story-shape.ts';
import type { StoryChange } from './story.ts';

// The hard gate: what others will see of a command is judged before the command is decided, and what was judged
// decides with it. Pure: text in, verdicts in, decision out.

/** A text of a command that others will see. */
export interface GatedText {
  /** The draft it comes from, or the field of the payload. */
  key: string;
  channel: Channel;
  text: string;
}

/** A text with what was found about it. */
export interface JudgedText extends GatedText {
  verdict: Verdict;
}

function draftTexts(context: DecideContext, drafts: readonly (Draft | undefined)[]): GatedText[] {
  return drafts.flatMap((draft) => {
    if (draft === undefined) return [];
    const text = spansText(storySpans(context.draftSpans(draft.id)));
    return [{ key: draft.id, channel: 'story' as const, text }];
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
      case 'hold:decide':
        return payload.decision === 'approve' ? fields(payload, { text: 'story' }) : [];
      default:
        return [];
    }
  };
  return texts().filter(({ text }) => text !== '');
}

/** Text with its authors after masking; what was masked stays its author's. */
export function maskedSpans(spans: readonly Span[], masks: readonly Mask[]): Span[] {
  let at = 0;
  const out: Span[] = [];
  for (const mask of masks) {
    out.push(...cutSpans(spans, at, mask.start));
    const author = cutSpans(spans, mask.start, mask.end)[0]?.author;
    if (author !== undefined) out.push({ author, text: mask.text });
    at = mask.end;
  }
  return [...out, ...cutSpans(spans, at, Infinity)];
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
    scores,
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
  const { player } = context;
  const refusal = refuse('TEXT_REFUSED', verdict.reason);
  const isSame = (hold: Hold) =>
    hold.state === 'refused' && hold.by === player.id && spansText(hold.texts[0]?.spans ?? []) === text;
  // The same words once more are no second strike.
  if (of.state === undefined && context.state.safety.holds.some(isSame))
    return { decision: accept({}), refusal };
  const hold = newHold({
    id: context.newId(),
    kind: channel === 'talk' ? 'talk' : channel === 'story' && of.draftId != null ? 'passage' : 'note',
    by: player.id,
    at: context.now,
    channel,
    state: 'refused',
    texts: keptTexts(verdict, [{ alternativeId: 'only', spans: [{ author: player.id, text }] }]),
    why: whyOf(verdict),
    needsHelp: verdict.needsHelp,
    ...of,
  });
  const events: SessionEvent[] = [{ type: 'text-held', hold }];
  if (verdict.isStrike) events.push(standingEvent(context, player.id, true));
  return { decision: accept({ events }), refusal };
}

function talkGate(context: DecideContext, command: Command, judged: JudgedText, decide: Decide): Gated {
  const { verdict, text } = judged;
  if (verdict.action === 'block') return refused(context, judged, {});
  const decision = decide(context, withFields(command, [judged]));
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
  if (verdict.action !== 'redact') return [];
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
  const masked = judged.filter(({ verdict }) => verdict.action === 'redact');
  if (masked.length === 0) return command;
  const texts = Object.fromEntries(masked.map(({ key, verdict }) => [key, verdict.text]));
  return { ...command, payload: { ...command.payload, ...texts } } as Command;
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
  const isReplacement = change.op === 'replace' && passage?.state === 'shown';
  const base = passage?.alternatives[passage.chosen]?.spans ?? [];
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
      { alternativeId, spans: change.spans },
      ...(isReplacement ? [{ alternativeId, spans: base }] : []),
    ],
    why: isStopped(judged) ? whyOf(verdict) : null,
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
  const blocked = judged.find(({ verdict }) => verdict.action === 'block');
  if (blocked !== undefined && command.name !== 'turn:resolve')
    return refused(context, blocked, { draftId: blocked.key });
  if (judged.some(isStopped) && isFull(context)) return { decision: refuse('HOLDS_FULL'), refusal: null };
  return { decision: gateCommits(context, decision, judged), refusal: null };
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
    return { decision: decide(context, isReview ? command : withFields(command, judged)), refusal: null };
  }
  const decision = decide(context, command);
  return decision.ok ? refused(context, bad, {}) : { decision, refusal: null };
}
