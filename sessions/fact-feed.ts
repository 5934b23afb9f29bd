import type { SessionEvent } from './events.ts';
import type { FactSink, GenerationFact, SessionFact } from './facts.ts';
import { foundThreadTitle } from './found-threads.ts';
import type { SessionKernel } from './kernel.ts';
import type { Hold } from './safety-state.ts';
import { chosenText, type Passage } from './story-shape.ts';

/** Where an event stands, and what may be looked at to tell of it. */
export interface FactContext {
  sessionId: string;
  /** Journal position of the event. */
  seq: number;
  at: number;
  author: string | null;
  passage: (passageId: string) => Passage | null;
  /** Passages on the line of a passage before it. */
  before: (passageId: string) => number;
  hold: (holdId: string) => Hold | undefined;
  /** How a narrator turn went; null: it is not known (any more). */
  generation: (turnId: string) => GenerationFact | null;
  /** The passage that a narrator turn wrote into, before the turn is forgotten; null: none. */
  passageOfTurn: (turnId: string) => string | null;
}

type EventOf<T extends SessionEvent['type']> = Extract<SessionEvent, { type: T }>;
type Row<T extends SessionEvent['type']> = (context: FactContext, event: EventOf<T>) => SessionFact[];

const common = ({ sessionId, seq, at, author }: FactContext, playerId = author) => ({
  sessionId,
  seq,
  at,
  playerId,
});

/** Whether what stands in a passage was written after that time (epoch ms). */
function isNewer({ alternatives, chosen }: Passage, at: number): boolean {
  const text = alternatives[chosen];
  return text !== undefined && Math.max(text.at, text.editedAt ?? 0) > at;
}

function passageFact(
  context: FactContext,
  passageId: string,
  of: {
    isReplacement: boolean;
    isHeld: boolean;
    generation?: GenerationFact | null;
    playerId?: string | null;
  },
): SessionFact[] {
  const passage = context.passage(passageId);
  if (passage === null) return [];
  const isTold = !of.isHeld && !passage.isPurged && passage.state !== 'held' && !isNewer(passage, context.at);
  return [
    {
      ...common(context, of.playerId === undefined ? context.author : of.playerId),
      kind: 'passage',
      passageId,
      alternativeId: passage.alternatives[passage.chosen]?.id ?? passageId,
      turnId: passage.turnId,
      castId: passage.castId,
      authorKind: passage.kind,
      isReplacement: of.isReplacement,
      isHeld: of.isHeld,
      text: isTold ? chosenText(passage) : null,
      historyPassages: context.before(passageId),
      generation: of.generation ?? null,
    },
  ];
}

const join: Row<'player-joined'> = (context, { player }) => [{ ...common(context, player.id), kind: 'join' }];
const leave = (context: FactContext, { playerId }: { playerId: string }): SessionFact[] => [
  { ...common(context, playerId), kind: 'leave' },
];

/** A choice about a passage or about how the story goes on. */
function choice(context: FactContext, event: SessionEvent): SessionFact[] {
  const passageId = 'passageId' in event ? event.passageId : null;
  return [{ ...common(context), kind: 'choice', what: event.type, passageId }];
}

const TARGETS = ['playerId', 'turnId', 'inviteId', 'sceneId', 'branchId', 'itemId', 'threadId'] as const;

/** The id of a thread that was found holds a name of the story. */
function withoutName(id: string): string {
  return foundThreadTitle(id) === null ? id : 'found';
}

/** Something that game masters did; what they do without a name (a paused game) has none here either. */
function action(context: FactContext, event: SessionEvent): SessionFact[] {
  const fields: Record<string, unknown> = event;
  const target = TARGETS.map((field) => fields[field]).find((value) => typeof value === 'string');
  return [
    {
      ...common(context),
      kind: 'gm-action',
      what: event.type,
      targetId: typeof target === 'string' ? withoutName(target) : null,
    },
  ];
}

function moderation(
  context: FactContext,
  of: { holdId: string; decision: string; passageId: string | null; playerId?: string | null },
): SessionFact {
  const why = context.hold(of.holdId)?.why ?? null;
  const severities = why === null ? [] : Object.values(why.severities);
  return {
    ...common(context, of.playerId === undefined ? context.author : of.playerId),
    kind: 'moderation',
    holdId: of.holdId,
    decision: of.decision,
    passageId: of.passageId,
    rule: why?.rules[0] ?? null,
    severity: severities.length === 0 ? null : Math.max(...severities),
  };
}

/** S1: whoever has played an X-card is named nowhere. */
const held: Row<'text-held'> = (context, { hold }) => {
  const isCard = hold.kind === 'hidden';
  const decision = isCard ? 'x-card' : hold.state === 'open' ? 'held' : hold.state;
  const playerId = isCard ? null : hold.by;
  return [moderation(context, { holdId: hold.id, decision, passageId: hold.passageId, playerId })];
};

/** What is shown by it is told at the place of the story's own record, just before the decision. */
const decided: Row<'hold-decided'> = (context, event) => {
  const { holdId, passageId, state, isEdited } = event;
  const decision = state === 'approved' && isEdited ? 'edited' : state;
  const shown =
    state === 'approved' && passageId !== null
      ? passageFact({ ...context, seq: context.seq - 1 }, passageId, {
          isReplacement: context.hold(holdId)?.isReplacement ?? false,
          isHeld: false,
          playerId: authorOf(context.hold(holdId)),
        })
      : [];
  return [...shown, moderation(context, { holdId, decision, passageId })];
};

function authorOf(hold: Hold | undefined): string | null {
  return hold === undefined || hold.by === 'narrator' ? null : hold.by;
}

const ended: Row<'narrator-ended'> = (context, { turnId, outcome }) => {
  const generation = context.generation(turnId);
  const passageId = context.passageOfTurn(turnId);
  if (outcome === 'committed' && passageId !== null) {
    const passage = context.passage(passageId);
    return passageFact(context, passageId, {
      isReplacement: (passage?.alternatives.filter(({ at }) => at <= context.at).length ?? 1) > 1,
      isHeld: passage?.state === 'held',
      generation,
    });
  }
  return generation === null ? [] : [{ ...common(context), kind: 'turn-ended', generation }];
};

const rolledBack: Row<'rolled-back'> = (context, { rollback }) => [
  {
    ...common(context, rollback.by),
    kind: 'rollback',
    rollbackId: rollback.id,
    scope: rollback.scope.kind,
    timing: rollback.timing,
    disruption: rollback.disruption,
    struckIds: rollback.struck,
    restoredIds: rollback.restored,
  },
];

/** What is told of which events; the others are steps on the way to one of these. */
const ROWS: { [T in SessionEvent['type']]?: Row<T> } = {
  'player-joined': join,
  'player-left': leave,
  'player-removed': leave,
  'passage-committed': (context, { passageId, isReplacement, isHeld, by }) =>
    passageFact(context, passageId, { isReplacement, isHeld, playerId: by }),
  'narrator-asked': choice,
  'narrator-ended': ended,
  'alternative-chosen': choice,
  'passage-struck': choice,
  'passage-restored': choice,
  'rollback-answered': choice,
  'text-held': held,
  'hold-appealed': (context, { holdId }) => [
    moderation(context, { holdId, decision: 'appealed', passageId: null }),
  ],
  'hold-decided': decided,
  'hold-undone': (context, { holdId }) => [
    moderation(context, { holdId, decision: 'undone', passageId: null }),
  ],
  'report-filed': (context, { report }) => [
    moderation(context, {
      holdId: report.id,
      decision: 'reported',
      passageId: report.about.kind === 'passage' ? report.about.id : null,
      playerId: report.by,
    }),
  ],
  'report-closed': (context, { reportId, isUpheld, by }) => [
    moderation(context, {
      holdId: reportId,
      decision: isUpheld ? 'upheld' : 'closed',
      passageId: null,
      playerId: by,
    }),
  ],
  'rolled-back': rolledBack,
  'session-created': action,
  'player-role-changed': action,
  'player-recovered': action,
  'player-kicked': action,
  'player-readmitted': action,
  'invite-revoked': action,
  'settings-changed': action,
  'cast-changed': action,
  'agreement-changed': action,
  'game-paused': action,
  'game-resumed': action,
  'slow-mode-changed': action,
  'narrator-mode-changed': action,
  'scene-begun': action,
  'branch-made': action,
  'branch-renamed': action,
  'branch-switched': action,
  'rollback-planned': action,
  'rollback-called-off': action,
  'memory-changed': action,
  'monitor-muted': action,
  'thread-added': action,
  'thread-marked': action,
  'thread-reminded': action,
  'intervened': (context, { intervention: { issue, action: done } }) => [
    { ...common(context), kind: 'intervention', issue, action: done },
  ],
  'feedback-given': (context, { passageId, feedback, rating, playerId }) => [
    { ...common(context, playerId), kind: 'feedback', passageId, type: feedback, rating },
  ],
  'purge-begun': (context, { purge }) => [
    { ...common(context, purge.by), kind: 'purge', passageIds: purge.passageIds },
  ],
};

/** What is to be told of an event; none for most. Pure. */
export function factsOf(context: FactContext, event: SessionEvent): SessionFact[] {
  const row = ROWS[event.type] as Row<SessionEvent['type']> | undefined;
  return row === undefined ? [] : row(context, event);
}

/** What may be looked at of a session as it stands now. */
export function lookOf({
  state,
  story,
}: SessionKernel): Pick<FactContext, 'sessionId' | 'passage' | 'before' | 'hold'> {
  return {
    sessionId: state.id,
    passage: (passageId) => story.passage(passageId),
    before: (passageId) => Math.max(0, story.lineOf(passageId).indexOf(passageId)),
    hold: (holdId) => state.safety.holds.find(({ id }) => id === holdId),
  };
}

/** Tells what happens in a session once it is durable. Make it before anything else that listens to the kernel. */
export class FactFeed {
  private readonly kernel: SessionKernel;
  private readonly sink: FactSink;
  /** Narrator turn -> how it went and where it wrote: the turn is gone when its end is told. */
  private readonly ended = new Map<string, { generation: GenerationFact; passageId: string | null }>();

  constructor(kernel: SessionKernel, sink: FactSink) {
    this.kernel = kernel;
    this.sink = sink;
    kernel.onEvent((event, author) => this.follow(event, author));
  }

  /** How a narrator turn went, just before its end is recorded; the passage it wrote into, null: none. */
  generated(generation: GenerationFact, passageId: string | null): void {
    this.ended.set(generation.turnId, { generation, passageId });
  }

  private follow(event: SessionEvent, author: string | null): void {
    const facts = factsOf(this.context(author), event);
    if (event.type === 'narrator-ended') this.ended.delete(event.turnId);
    if (facts.length === 0) return;
    this.kernel.journal.whenDurable(() => {
      for (const fact of facts) this.sink.take(fact);
    });
  }

  private context(author: string | null): FactContext {
    const { journal, clock } = this.kernel;
    return {
      ...lookOf(this.kernel),
      seq: journal.seq,
      at: clock.now(),
      author,
      generation: (turnId) => this.ended.get(turnId)?.generation ?? null,
      passageOfTurn: (turnId) => this.ended.get(turnId)?.passageId ?? null,
    };
  }
}
