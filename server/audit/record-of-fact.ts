import type { GenerationFact, PassageFact, SessionFact } from '../../sessions/facts.ts';
import { canonicalJson } from './canonical-json.ts';
import type { ComplianceProfile } from './compliance.ts';
import type { AuditRecord, RecordType } from './record.ts';
import { sha256 } from './sealed-text.ts';
import { hasPersonalData, isDialogue, languageOf } from './text-traits.ts';

/** A record that has neither its place in the tree yet nor the commitment to its text. */
export type RecordDraft = Omit<AuditRecord, 'v' | 'seq' | 'id' | 'nth' | 'content'>;

/** A fact as a record, and the text that goes under lock. */
export interface DraftedRecord {
  draft: RecordDraft;
  /** Null: there is none, or it can no longer be told. */
  text: { text: string; lang: string; passageId: string; subject: string } | null;
}

/** Pseudonyms and rules that records are made with. */
export interface RecordMaker {
  ref: (id: string) => string;
  profile: ComplianceProfile;
}

const WORD = /^[a-zA-Z0-9][a-zA-Z0-9_.:/ -]{0,79}$/;
/** How our own rules are named; anything else may be somebody's words. */
const RULE = /^[a-z][a-z0-9_.-]{0,39}$/;

const wordOf = (text: string): string => (WORD.test(text) ? text : 'other');
const ruleOf = (rule: string | null): string | null =>
  rule === null ? null : RULE.test(rule) ? rule : 'other';

/** Whose key the text of a narrator is under: the session's. */
export function narratorSubject(sessionId: string, ref: (id: string) => string): string {
  return ref(`narrator of ${sessionId}`);
}

/** What is recorded of a fact. */
export function draftOf(fact: SessionFact, maker: RecordMaker): DraftedRecord {
  const text = fact.kind === 'passage' ? textOf(fact, maker) : null;
  return {
    draft: { ...common(fact, maker, text?.text ?? null), ...special(fact, maker) },
    text,
  };
}

function textOf(fact: PassageFact, { ref }: RecordMaker): DraftedRecord['text'] {
  const { text, passageId, playerId, sessionId, authorKind } = fact;
  if (text === null) return null;
  const isPlayer = authorKind === 'player' && playerId !== null;
  const subject = isPlayer ? ref(playerId) : narratorSubject(sessionId, ref);
  return { text, passageId, subject, lang: languageOf(text) };
}

function common(fact: SessionFact, { ref, profile }: RecordMaker, text: string | null) {
  const { jurisdiction, retentionDays, basis } = profile;
  const isPersonal = text !== null && hasPersonalData(text);
  return {
    ts: fact.at,
    session: fact.sessionId,
    journal: fact.seq,
    actor: { kind: actorOf(fact), ref: fact.playerId === null ? null : ref(fact.playerId) },
    interaction: { kind: fact.kind, historyPassages: null },
    decisions: [],
    compliance: {
      jurisdiction,
      class: isPersonal ? ('personal' as const) : ('session' as const),
      retentionDays,
      basis,
    },
    trace: null,
  };
}

function actorOf(fact: SessionFact): AuditRecord['actor']['kind'] {
  if (fact.kind === 'turn-ended') return 'model';
  if (fact.kind === 'passage' && fact.authorKind === 'narrator') return 'model';
  if (fact.playerId === null) return 'system';
  if (fact.kind === 'moderation') return 'moderator';
  return fact.kind === 'gm-action' || fact.kind === 'rollback' ? 'gm' : 'player';
}

const decision = (step: string, of: Partial<AuditRecord['decisions'][number]> = {}) => ({
  step: wordOf(step),
  rule: null,
  inputsHash: null,
  output: null,
  ...of,
});

function special(
  fact: SessionFact,
  { ref }: RecordMaker,
): { type: RecordType } & Partial<Omit<RecordDraft, 'type'>> {
  switch (fact.kind) {
    case 'passage':
      return passage(fact, ref);
    case 'turn-ended':
      return { type: 'turn_ended', turn: fact.generation.turnId, model: modelOf(fact.generation, ref) };
    case 'join':
    case 'leave':
      return { type: fact.kind };
    case 'choice':
      return { type: 'user_choice', ...passageId(fact.passageId), decisions: [decision(fact.what)] };
    case 'moderation':
      return moderation(fact);
    case 'rollback':
      return rollback(fact);
    case 'gm-action':
      // Whose or what: it may be a player.
      return {
        type: 'gm_action',
        decisions: [decision(fact.what, { output: fact.targetId === null ? null : ref(fact.targetId) })],
      };
    case 'intervention':
      return { type: 'intervention', decisions: [decision(fact.issue, { output: wordOf(fact.action) })] };
    case 'feedback':
      return {
        type: 'feedback',
        passage: fact.passageId,
        decisions: [decision(fact.type, { output: fact.rating === null ? null : String(fact.rating) })],
      };
    case 'purge':
      return { type: 'purge', purged: { passages: [...fact.passageIds] }, decisions: [decision('purge')] };
  }
}

const passageId = (id: string | null) => (id === null ? {} : { passage: id });

function passage(fact: PassageFact, ref: RecordMaker['ref']) {
  const isSpoken = fact.castId !== null || (fact.text !== null && isDialogue(fact.text));
  const told: RecordType = isSpoken ? 'character_dialogue' : 'plot_development';
  return {
    type: fact.isReplacement ? ('edit' as const) : told,
    turn: fact.turnId,
    passage: fact.passageId,
    alternative: fact.alternativeId,
    ...(fact.castId === null ? {} : { character: fact.castId }),
    ...(fact.generation === null ? {} : { model: modelOf(fact.generation, ref) }),
    quality: null,
    interaction: {
      kind: fact.authorKind === 'narrator' ? 'narration' : 'writing',
      historyPassages: fact.historyPassages,
    },
    decisions: fact.isHeld ? [decision('screen', { output: 'held' })] : [],
  };
}

function moderation(fact: SessionFact & { kind: 'moderation' }) {
  const rule = ruleOf(fact.rule);
  return {
    type: 'moderation' as const,
    ...passageId(fact.passageId),
    moderation: { decision: wordOf(fact.decision), rule, severity: fact.severity, hold: fact.holdId },
    decisions: [decision('moderation', { rule, output: wordOf(fact.decision) })],
  };
}

function rollback(fact: SessionFact & { kind: 'rollback' }) {
  const { struckIds, restoredIds } = fact;
  return {
    type: 'rollback' as const,
    rollback: {
      id: fact.rollbackId,
      disruption: rounded(fact.disruption, 4),
      struck: struckIds.length,
      restored: restoredIds.length,
    },
    decisions: [
      decision('rollback', {
        rule: wordOf(`${fact.scope}/${fact.timing}`),
        inputsHash: sha256(canonicalJson({ restored: restoredIds, struck: struckIds })),
      }),
    ],
  };
}

function modelOf(of: GenerationFact, ref: RecordMaker['ref']): NonNullable<AuditRecord['model']> {
  const { sight, timing } = of;
  const told = sight === null ? null : sightOf(sight, of.reusedTokens);
  return {
    outcome: of.outcome,
    finish: of.finish,
    askedBy: ref(of.askedBy),
    version: sight?.version.slice(0, 200) ?? null,
    name: sight?.model.slice(0, 200) ?? null,
    promptHash: of.promptHash,
    params: told?.params ?? null,
    tokens: told?.tokens ?? null,
    dropped: told?.dropped ?? null,
    ms: {
      queue: rounded(timing.queueMs, 1),
      prefill: rounded(timing.prefillMs, 1),
      decode: rounded(timing.decodeMs, 1),
      post: rounded(timing.postMs, 1),
      total: rounded(timing.totalMs, 1),
    },
  };
}

function sightOf(sight: NonNullable<GenerationFact['sight']>, reused: number) {
  const { temperature, topP, minP } = sight.sampling;
  return {
    params: { temperature, top_p: topP, min_p: minP, max_tokens: sight.maxTokens, seed: sight.seed },
    tokens: { context: sight.contextTokens, in: sight.promptTokens, reused, out: sight.outputTokens },
    dropped: { passages: sight.droppedPassageIds.length, memory: sight.droppedMemoryIds.length },
  };
}

function rounded(value: number, digits: number): number {
  const scale = 10 ** digits;
  return Math.round(value * scale) / scale;
}
