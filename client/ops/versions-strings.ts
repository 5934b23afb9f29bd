import { count } from '../string-parts.ts';

/** The words of the narrator's versions. */
export const VERSIONS = {
  current: 'in use',
  model: 'Model',
  passages: (n: number) => `${n.toLocaleString('en')} ${n === 1 ? 'passage' : 'passages'}`,
  measure: 'Measure',
  mean: 'Mean',
  drift: 'Drift',
  cusum: 'CUSUM',
  legacyZ: 'Old z-score',
  drifts: { 0: 'Steady', 1: 'Suspect', 2: 'Drifting' } as const,
  noBaseline: 'No baseline yet',
  qualityOf: (version: string) => `Quality of version ${version}`,
  feedback: 'What readers said',
  kinds: { positive: 'Good', neutral: 'Neutral', negative: 'Not good', brokeStory: 'Broke the story' },
  rating: (rating: string) => `Mean rating ${rating} of 5`,
  noRating: 'Too few ratings for a mean.',
  noFeedback: 'Nobody has said anything yet.',
  week: 'Feedback of the last 7 days',
  version: 'Version',
  unknown: 'not known',
  types: { positive: 'Good', neutral: 'Neutral', negative: 'Not good', broke_story: 'Broke the story' },
  meanRating: 'Mean rating',
  satisfaction: (value: string, n: number) =>
    `Satisfaction ${value} of 5, from ${count(n, 'rating', 'ratings')}.`,
  fewRatings: (n: number) => `Too few ratings to tell satisfaction: ${n}, and 30 are needed.`,
  empty: 'The narrator has written nothing since the start.',
  meanHelp: 'Means over the last 1,000 passages of a version; a dash where nothing was measured.',
} as const;
