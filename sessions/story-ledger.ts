import { CrossAuthorCoherence } from './measures/author-coherence.ts';
import { IdeaLedger } from './measures/ideas.ts';
import { PassageReading } from './measures/passage-reading.ts';
import { SynergyLedger } from './measures/synergy.ts';
import { ThreadLedger } from './measures/threads.ts';
import type { MonitorState } from './monitor-state.ts';
import type { CollabScores, ThreadView } from './monitor-view.ts';
import { NARRATOR } from './story-shape.ts';
import type { Background } from './quality.ts';

const MINUTE_MS = 60_000;

/** What the ledger reads of a passage. */
interface Told {
  passageId: string;
  at: number;
  /** Who wrote most of it. */
  author: string;
  text: string;
}

type StoryScores = Pick<
  CollabScores,
  | 'ideas_per_minute'
  | 'ideas_per_100_words'
  | 'ideas_kept'
  | 'coherence'
  | 'coherence_gap'
  | 'threads'
  | 'synergy'
>;

/** What the passages of a line say together: ideas, threads, how they build on each other (D7 to D10). */
export class StoryLedger {
  private readonly background: Background;
  private readonly authors = new CrossAuthorCoherence();
  private ideas: IdeaLedger;
  private synergy: SynergyLedger;
  private chains: ThreadLedger;
  private activeMinutes = 0;
  private lastMinute = -1;

  constructor(background: Background) {
    this.background = background;
    this.ideas = new IdeaLedger(background);
    this.synergy = new SynergyLedger(background);
    this.chains = new ThreadLedger();
  }

  /** Takes the next passage of the line in. */
  add({ passageId, at, author, text }: Told): void {
    const passage = { id: passageId, at, author, reading: new PassageReading(text) };
    this.ideas.add(passage);
    this.synergy.add(passage);
    this.chains.add(passage);
    const minute = Math.floor(at / MINUTE_MS);
    if (author === NARRATOR || minute === this.lastMinute) return;
    this.lastMinute = minute;
    this.activeMinutes += 1;
  }

  /** D8: how well the newest passage goes on from the one before. */
  coherent(author: string, score: number | null): void {
    this.authors.add(author, score);
  }

  /** The passages of another line come from here on; what is known of authors stays. */
  restart(): void {
    this.ideas = new IdeaLedger(this.background);
    this.synergy = new SynergyLedger(this.background);
    this.chains = new ThreadLedger();
    this.activeMinutes = 0;
    this.lastMinute = -1;
  }

  /** The authors write different stories (V3). */
  get isDiverging(): boolean {
    return this.authors.isDiverging;
  }

  scores(state: Pick<MonitorState, 'threads' | 'marks'>): StoryScores {
    const { perMinute, per100Words, kept } = this.ideas.rates(this.activeMinutes);
    return {
      ideas_per_minute: perMinute,
      ideas_per_100_words: per100Words,
      ideas_kept: kept,
      coherence: this.authors.mean,
      coherence_gap: this.authors.gap,
      threads: this.chains.integrity({ made: state.threads, marks: state.marks }),
      synergy: this.synergy.mean,
    };
  }

  /** All threads as game masters see them. */
  threads({ threads, marks, reminded }: MonitorState): ThreadView[] {
    return this.chains
      .list({ made: threads, marks })
      .map((thread) => ({ ...thread, isReminded: reminded.includes(thread.id) }));
  }
}
