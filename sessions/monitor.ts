import { ConflictLedger } from './conflict-ledger.ts';
import { EngagementLedger } from './engagement-ledger.ts';
import { participation, turnTaking } from './measures/participation.ts';
import type { MonitorState } from './monitor-state.ts';
import type { CollabScores, Participation } from './monitor-view.ts';
import { PeopleLedger, wordsBy } from './people-ledger.ts';
import { satisfactionOf } from './satisfaction.ts';
import { chosenSpans, NARRATOR, type Passage } from './story-shape.ts';
import { StoryLedger } from './story-ledger.ts';
import { WaitLedger } from './wait-ledger.ts';
import type { Background, PassageQuality } from './quality.ts';

/** Passages of a session whose voice counts (D4). */
const VOICE_PASSAGES = 10;

/** A passage as the monitor reads it. */
export interface Read {
  passageId: string;
  at: number;
  authorKind: Passage['kind'];
  /** Whose turn it was: its opener, or `narrator`. */
  by: string;
  /** Who wrote most of it. */
  author: string;
  text: string;
  words: Record<string, number>;
}

/** Reads a passage as it stands; null: it says nothing to anybody. */
export function readForMonitor(passage: Passage | null): Read | null {
  if (passage?.state !== 'shown' || passage.isPurged) return null;
  const spans = chosenSpans(passage);
  const words = wordsBy(spans);
  const [first] = Object.entries(words).sort(([, a], [, b]) => b - a);
  if (first === undefined || first[1] === 0) return null;
  return {
    passageId: passage.id,
    at: passage.createdAt,
    authorKind: passage.kind,
    by: passage.by,
    author: first[0],
    text: spans.map(({ text }) => text).join(''),
    words,
  };
}

/**
 * The measures of one session, fed step by step: what people wrote, when they were here, what they did to each other's
 * words, how long the narrator kept them waiting. Pure: time comes from outside. Bounded memory (V10).
 */
export class Monitor {
  readonly people: PeopleLedger;
  readonly conflicts = new ConflictLedger();
  readonly waits = new WaitLedger();
  readonly engagement = new EngagementLedger();
  readonly story: StoryLedger;
  private voices: { passageId: string; score: number }[] = [];
  private readonly plays: (playerId: string) => boolean;
  private ratings = { count: 0, sum: 0 };
  private bytes = { wire: 0, text: 0 };

  /** `plays`: whether somebody who is here takes part in the writing now; only they count for the balance. */
  constructor(background: Background, startedAt: number, plays: (playerId: string) => boolean = () => true) {
    this.plays = plays;
    this.people = new PeopleLedger(startedAt);
    this.story = new StoryLedger(background);
  }

  /** A passage came to the end of the line. One that is known counts once; for another text of it see `restart`. */
  wrote(read: Read): void {
    if (this.people.wrote(read)) this.story.add(read);
  }

  /** The line is another one now, or has other texts: its passages come again, oldest first. */
  restart(isInPlay: (passageId: string) => boolean): void {
    this.people.restart();
    this.story.restart();
    this.voices = this.voices.filter(({ passageId }) => isInPlay(passageId));
  }

  /** A passage was measured; `isReplacement`: it was before, with another text. */
  assessed({ passageId, scores }: PassageQuality, author: string, isReplacement = false): void {
    if (!isReplacement) this.story.coherent(author, scores.narrative_coherence);
    const score = scores.character_consistency;
    const others = this.voices.filter((voice) => voice.passageId !== passageId);
    this.voices = (score === null ? others : [...others, { passageId, score }]).slice(-VOICE_PASSAGES);
  }

  /** All ratings of the session, as they are kept now. */
  rateFrom(ratings: { count: number; sum: number }): void {
    this.ratings = { ...ratings };
  }

  /** Bytes over the document sockets, and of the text that came of them (D12). */
  synced(of: { wire?: number; text?: number }): void {
    this.bytes.wire += of.wire ?? 0;
    this.bytes.text += of.text ?? 0;
  }

  /** D20; null under 30 ratings is the caller's to say, since it is shown with its count. */
  get satisfaction(): { mean: number | null; count: number } {
    const { count } = this.ratings;
    return { mean: count === 0 ? null : satisfactionOf(this.ratings).value, count };
  }

  /** Everybody's part in the window, most words first. */
  shares(now: number): Participation[] {
    const shares = this.people.shares(now);
    const all = shares.reduce((sum, { words }) => sum + words, 0);
    const silent = this.people
      .present()
      .filter((playerId) => !shares.some(({ author }) => author === playerId))
      .map((author) => ({ author, words: 0, turns: 0 }));
    return [...shares, ...silent].map((one) => ({
      ...one,
      share: all === 0 ? 0 : one.words / all,
      isPresent: this.people.isPresent(one.author),
      isActive: this.people.isActive(one.author, now),
    }));
  }

  /** Who counts for the balance (D6): was here for half of the window, and takes part in the writing. */
  counted(now: number): { playerId: string; words: number; turns: number }[] {
    return this.people.counted(now).filter(({ playerId }) => this.plays(playerId));
  }

  /** All measures of a moment. */
  scores(now: number, state: Pick<MonitorState, 'threads' | 'marks'>): CollabScores {
    const counted = this.counted(now);
    const byWords = participation(counted.map(({ words }) => words));
    const byTurns = participation(counted.map(({ turns }) => turns));
    const taken = this.people.turnsTaken(now);
    const { efficiency, medianSeconds } = this.conflicts.figures(now);
    return {
      balance: byWords?.balance ?? null,
      jain: byWords?.jain ?? null,
      turn_balance: byTurns?.balance ?? null,
      turn_taking: turnTaking(taken),
      ...this.story.scores(state),
      conflict_resolution: efficiency,
      conflict_seconds: medianSeconds,
      engagement: this.engaged(now),
      voice: mean(this.voices.map(({ score }) => score)),
      narrator_share: this.narratorShare(now),
      sync_overhead: this.bytes.text === 0 ? null : this.bytes.wire / this.bytes.text,
      ...this.waits.figures(now),
      satisfaction: this.satisfaction.mean,
    };
  }

  /** D5. */
  engaged(now: number): number | null {
    const present = this.people.present();
    const active = present.filter((playerId) => this.people.isActive(playerId, now)).length;
    return this.engagement.score(present.length === 0 ? null : active / present.length);
  }

  private narratorShare(now: number): number | null {
    const shares = this.people.shares(now);
    const all = shares.reduce((sum, { words }) => sum + words, 0);
    return all === 0 ? null : (shares.find(({ author }) => author === NARRATOR)?.words ?? 0) / all;
  }
}

function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}
