import type { FactSink, SessionFact } from '../../sessions/facts.ts';
import type { Feedback, FeedbackStore } from '../../sessions/feedback.ts';
import {
  noScores,
  type PassageQuality,
  type PassageToAssess,
  type QualityAssessor,
  type QualityScores,
} from '../../sessions/quality.ts';

/** A judge of quality that gives the scores it was told to give, by default none. */
export class ScriptedQuality {
  /** What is answered for a passage; null scores where it says nothing. */
  answer: (of: PassageToAssess) => Partial<QualityScores> = () => ({});
  readonly asked: PassageToAssess[] = [];
  readonly assessor: QualityAssessor = {
    assess: (of, at) => this.assess(of, at),
    deepen: () => Promise.resolve(null),
    background: { version: 'flat', idf: () => 3, medianIdf: 2 },
    thresholds: {
      ...noScores(),
      narrative_coherence: 0.8,
      character_consistency: 0.85,
      user_engagement: 0.75,
    },
  };

  private assess(of: PassageToAssess, at: number): PassageQuality {
    this.asked.push(of);
    const { sessionId, passageId, alternativeId, authorKind, version } = of;
    const scores = { ...noScores(), ...this.answer(of) };
    return {
      ...{ sessionId, passageId, alternativeId, authorKind, version, at, scores },
      methods: {},
      thresholdVersion: 'scripted',
      below: [],
      voice: [],
    };
  }
}

/** Feedback in memory. */
export class MemoryFeedback implements FeedbackStore {
  readonly all = new Map<string, Feedback>();

  put(feedback: Feedback): Promise<void> {
    const { sessionId, passageId, alternativeId, playerId } = feedback;
    this.all.set([sessionId, passageId, alternativeId, playerId].join(' '), feedback);
    return Promise.resolve();
  }

  ofPlayer(sessionId: string, playerId: string): Promise<Feedback[]> {
    const all = [...this.all.values()];
    return Promise.resolve(all.filter((one) => one.sessionId === sessionId && one.playerId === playerId));
  }

  ratings(sessionId: string): Promise<{ count: number; sum: number }> {
    const rated = [...this.all.values()].flatMap((one) =>
      one.sessionId === sessionId && one.rating !== null ? [one.rating] : [],
    );
    return Promise.resolve({ count: rated.length, sum: rated.reduce((sum, rating) => sum + rating, 0) });
  }

  purge(sessionId: string, passageIds: readonly string[]): Promise<void> {
    for (const [key, one] of this.all)
      if (one.sessionId === sessionId && passageIds.includes(one.passageId)) this.all.delete(key);
    return Promise.resolve();
  }
}

/** Keeps all facts it was told. */
export class ListFacts implements FactSink {
  readonly all: SessionFact[] = [];

  take(fact: SessionFact): void {
    this.all.push(fact);
  }

  /** The facts of a kind. */
  of<K extends SessionFact['kind']>(kind: K): Extract<SessionFact, { kind: K }>[] {
    return this.all.filter((fact): fact is Extract<SessionFact, { kind: K }> => fact.kind === kind);
  }
}
