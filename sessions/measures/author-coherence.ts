import { NARRATOR } from '../story-shape.ts';

/** Transitions that are looked at: to another author, and from an author to itself; those needed to compare them. */
const CROSSING = 10;
const STAYING = 20;
const ENOUGH = 8;
/** How much less coherent author changes are when a group is diverging. */
const DIVERGING = 0.15;

/** D8: how well passages follow those of other people. Fed passage by passage, oldest first. */
export class CrossAuthorCoherence {
  private last: string | null = null;
  private crossing: number[] = [];
  private staying: number[] = [];

  /**
   * Takes a passage in. `coherence`: its calibrated D1; null: not measured, then it counts for nobody. The narrator's
   * passages are passed over: what counts is who of the people wrote before.
   */
  add(author: string, coherence: number | null): void {
    if (author === NARRATOR) return;
    const before = this.last;
    this.last = author;
    if (before === null || coherence === null) return;
    if (before === author) this.staying = [...this.staying, coherence].slice(-STAYING);
    else this.crossing = [...this.crossing, coherence].slice(-CROSSING);
  }

  /** Mean coherence of the last 10 passages after another person's; null: none yet. */
  get mean(): number | null {
    return meanOf(this.crossing);
  }

  /** How much less that is than after one's own (0.1: a tenth less); null: no passages to compare. */
  get gap(): number | null {
    const own = meanOf(this.staying);
    const other = meanOf(this.crossing);
    return own === null || other === null ? null : own - other;
  }

  /** Whether authors write different stories: over 0.15 less, with 8 passages or more of each kind. */
  get isDiverging(): boolean {
    const isEnough = this.crossing.length >= ENOUGH && this.staying.length >= ENOUGH;
    return isEnough && (this.gap ?? 0) > DIVERGING;
  }
}

function meanOf(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}
