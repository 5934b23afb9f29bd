import type { FeedbackType } from '../sessions/feedback.ts';
import { satisfactionOf, type Satisfaction } from '../sessions/satisfaction.ts';

/** What was said with one type of feedback. */
interface TypeStats {
  count: number;
  /** Of those that rated; null: nobody did. */
  meanRating: number | null;
  /** How many wrote something. */
  comments: number;
}

/** Feedback of a time, in figures (requirement S1.14). */
export interface FeedbackFigures {
  byType: Record<FeedbackType, TypeStats>;
  count: number;
  comments: number;
  meanRating: number | null;
  satisfaction: Satisfaction;
}

/** The figures of one narrator version; null: not known. */
export interface VersionFeedback extends FeedbackFigures {
  version: string | null;
}

/** What a store sums up: one version, one type. */
export interface FeedbackSum {
  version: string | null;
  type: FeedbackType;
  count: number;
  comments: number;
  ratings: number;
  ratingSum: number;
}

const mean = (sum: number, count: number): number | null => (count === 0 ? null : sum / count);

function figuresOf(sums: readonly FeedbackSum[]): FeedbackFigures {
  const total = (of: readonly FeedbackSum[]) => ({
    count: of.reduce((all, sum) => all + sum.count, 0),
    comments: of.reduce((all, sum) => all + sum.comments, 0),
    ratings: of.reduce((all, sum) => all + sum.ratings, 0),
    ratingSum: of.reduce((all, sum) => all + sum.ratingSum, 0),
  });
  const statsOf = (type: FeedbackType): TypeStats => {
    const { count, comments, ratings, ratingSum } = total(sums.filter((sum) => sum.type === type));
    return { count, meanRating: mean(ratingSum, ratings), comments };
  };
  const { count, comments, ratings, ratingSum } = total(sums);
  return {
    byType: {
      positive: statsOf('positive'),
      neutral: statsOf('neutral'),
      negative: statsOf('negative'),
      broke_story: statsOf('broke_story'),
    },
    count,
    comments,
    meanRating: mean(ratingSum, ratings),
    satisfaction: satisfactionOf({ count: ratings, sum: ratingSum }),
  };
}

/** Sums put together: over all, and by version, most feedback first. */
export function feedbackStats(sums: readonly FeedbackSum[]): {
  all: FeedbackFigures;
  versions: VersionFeedback[];
} {
  const names = [...new Set(sums.map(({ version }) => version))];
  const versions = names
    .map((version) => ({ version, ...figuresOf(sums.filter((sum) => sum.version === version)) }))
    .sort((a, b) => b.count - a.count);
  return { all: figuresOf(sums), versions };
}
