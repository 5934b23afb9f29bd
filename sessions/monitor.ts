import { ConflictLedger } from './conflict-ledger.ts';
import { EngagementLedger } from './engagement-ledger.ts';
import { participation, turnTaking } from './measures/participation.ts';
import type { MonitorState } from './monitor-state.ts';
import type { CollabScores, Participation } from './monitor-view.ts';
import { PeopleLedger, wordsBy } from './people-ledger.ts';
import { chosenSpans, NARRATOR, type Passage } from './story-shape.ts';
import { StoryLedger } from './story-ledger.ts';
import { WaitLedger } from './wait-ledger.ts';
import type { Background, PassageQuality } from './quality.ts';

/** Passages of a session whose voice counts (D4). */
const VOICE_PASSAGES = 10;
/** D20: what satisfaction begins at, and how many ratings that weighs. */
const PRIOR_RATING = 4;
const PRIOR_WEIGHT = 10;

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
  private readonly voices: { passageId: string; score: number }[] = [];
  private ratings = { count: 0, sum: 0 };
  private bytes = { wire: 0, text: 0 };

  constructor(background: Background, startedAt: number) {
    this.people = new PeopleLedger(startedAt);
    this.story = new StoryLedger(background);
  }

  /** A passage came to the end of the line, or was written anew. */
  wrote(read: Read): void {
    this.people.wrote(read);
    this.story.add(read);
  }

  /** The line is another one now: its passages come again, oldest first. */
  restart(): void {
    this.people.restart();
    this.story.restart();
  }

  /** A passage was measured. */
  assessed({ passageId, scores }: PassageQuality, author: string): void {
    this.story.coherent(author, scores.narrative_coherence);
    const score = scores.character_consistency;
    if (score === null) return;
    this.voices.push({ passageId, score });
    if (this.voices.length > VOICE_PASSAGES) this.voices.shift();
  }

  /** Ratings of the session so far; `again`: what one of them was before. */
  rated(rating: number, again: number | null = null): void {
    this.ratings = {
      count: this.ratings.count + (again === null ? 1 : 0),
      sum: this.ratings.sum + rating - (again ?? 0),
    };
  }

  rateFrom(ratings: { count: number; sum: number }): void {
    // What came meanwhile is among them, or close to it.
    this.ratings = { ...ratings };
  }

  /** Bytes over the document sockets, and of the text that came of them (D12). */
  synced(of: { wire?: number; text?: number }): void {
    this.bytes.wire += of.wire ?? 0;
    this.bytes.text += of.text ?? 0;
  }

  /** D20; null under 30 ratings is the caller's to say, since it is shown with its count. */
  get satisfaction(): { mean: number | null; count: number } {
    const { count, sum } = this.ratings;
    const mean = count === 0 ? null : (sum + PRIOR_RATING * PRIOR_WEIGHT) / (count + PRIOR_WEIGHT);
    return { mean, count };
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

  /** All measures of a moment. */
  scores(now: number, state: Pick<MonitorState, 'threads' | 'marks'>): CollabScores {
    const counted = this.people.counted(now);
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
