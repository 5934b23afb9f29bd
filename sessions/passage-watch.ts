import type { SessionKernel } from './kernel.ts';
import type { QualityView } from './monitor-view.ts';
import type { SessionObserver } from './peers.ts';
import { personasFrom } from './personas.ts';
import type {
  PassageQuality,
  PassageToAssess,
  QualityAssessor,
  QualityMetric,
  QualityScores,
} from './quality.ts';
import { SessionQuality } from './session-quality.ts';
import { chosenText, NARRATOR, type Passage } from './story-shape.ts';

/** Measured passages that are shown. */
const SHOWN = 20;
/** Passages before one that it is measured against: short ones tell little, so more of them are given. */
const BEFORE = 12;

export interface PassageHooks {
  quality: QualityAssessor;
  observer: SessionObserver;
  /** D5 of the session now. */
  engagement: () => number | null;
  /** A passage was measured by the fast metrics; `author` wrote most of it. */
  measured: (quality: PassageQuality, author: string, isReplacement: boolean) => void;
}

/** Has the passages of one session measured, and remembers the newest of them. */
export class PassageWatch {
  private readonly kernel: SessionKernel;
  private readonly hooks: PassageHooks;
  private readonly course: SessionQuality;
  private readonly ending = new AbortController();
  private recent: PassageQuality[] = [];

  constructor(kernel: SessionKernel, hooks: PassageHooks) {
    this.kernel = kernel;
    this.hooks = hooks;
    this.course = new SessionQuality(hooks.quality.thresholds);
  }

  /** J1: the fast metrics now, the sampled ones when they come. */
  measure(passage: Passage, { author, isReplacement }: { author: string; isReplacement: boolean }): void {
    const { quality, observer } = this.hooks;
    const of = this.toAssess(passage);
    const fast = quality.assess(of, this.kernel.clock.now());
    this.take(fast, false);
    observer.assessed(fast, false);
    this.hooks.measured(fast, author, isReplacement);
    void quality.deepen(of, fast, this.ending.signal).then((deeper) => {
      if (deeper === null || this.ending.signal.aborted || !this.stands(of)) return;
      this.take(deeper, true);
      observer.assessed(deeper, true);
    });
  }

  /** Whether a text still is what everybody reads there: it may have been rewritten, taken back or purged since. */
  private stands({ passageId, text }: PassageToAssess): boolean {
    const passage = this.kernel.story.passage(passageId);
    return passage?.state === 'shown' && chosenText(passage) === text;
  }

  private take(quality: PassageQuality, isDeeper: boolean): void {
    for (const metric of this.course.take(quality.scores, quality.at, isDeeper))
      this.hooks.observer.qualityAlerted(quality.sessionId, metric);
    const others = this.recent.filter(({ passageId }) => passageId !== quality.passageId);
    this.recent = [quality, ...others].slice(0, SHOWN);
  }

  private toAssess(passage: Passage): PassageToAssess {
    const { state, story } = this.kernel;
    const alternative = passage.alternatives[passage.chosen];
    const text = chosenText(passage);
    // What people have written into a passage is held against no version.
    const isByPeople = alternative?.spans.some(({ author }) => author !== NARRATOR) ?? false;
    const mentioned = state.cast.filter(({ id, name }) => id === passage.castId || text.includes(name));
    return {
      sessionId: state.id,
      passageId: passage.id,
      alternativeId: alternative?.id ?? passage.id,
      authorKind: isByPeople ? 'player' : passage.kind,
      text,
      previous: story.shownTexts(passage.id, BEFORE).map((before) => before.text),
      cast: personasFrom(mentioned),
      speaksAs: passage.castId,
      version: isByPeople ? null : (alternative?.info.version ?? null),
      engagement: this.hooks.engagement(),
      narratorWaiting: state.narratorTurns.filter((turn) => turn.state === 'queued').length,
    };
  }

  /** Session means per metric. */
  get means(): QualityScores {
    return this.course.means;
  }

  get below(): QualityMetric[] {
    return this.course.below;
  }

  /** The newest measured passages that still count, newest first. */
  newest(counts: (passageId: string) => boolean): QualityView[] {
    return this.recent
      .filter(({ passageId }) => counts(passageId))
      .map(({ passageId, scores, below, voice }) => ({ passageId, scores, below, voice }));
  }

  /** What still waits for sampled metrics is given up. */
  close(): void {
    this.ending.abort();
  }
}
