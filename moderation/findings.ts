import type { Harm, Scores, ScreenRequest, TextSpan } from '../sessions/moderator.ts';

// What flows through moderation, from left to right: text -> views -> findings and scores -> policy -> verdict.

/** Two views of one text: as it was written, and folded so that disguises fall. */
export interface TextViews {
  /** The text as given; all offsets that leave moderation are offsets into it. */
  literal: string;
  /** Lower case, without invisible characters, homoglyphs, accents, spaced-out letters and leet; for matching. */
  folded: string;
  /** For each UTF-16 unit of `folded`, the offset in `literal` where it came from; one more for the end. */
  offsets: readonly number[];
}

/** What a rule saw in a text. */
export interface Finding {
  /** Stable id of the detector and what it saw, such as `pii.email` or `threat.player`. */
  id: string;
  harm: Harm;
  /** 0 to 4, as if nothing excused it. */
  severity: number;
  /** In the literal text, non-empty ranges. */
  spans: readonly Pick<TextSpan, 'start' | 'end'>[];
  source: TextSpan['source'];
  /** What the span is called: the word category, the kind of personal data, the topic. */
  label: string;
}

/** A rule detector: pure, and linear in the text's length. */
export type Detector = (views: TextViews, request: ScreenRequest) => Finding[];

/** Scores of the trained model; `sexual_minors` and `privacy` come from rules alone. */
export type ModelScores = Omit<Scores, 'sexual_minors' | 'privacy'>;
