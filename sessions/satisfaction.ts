/** Ratings as which an unrated narrator begins, and how many they count for (requirement D20). */
const PRIOR = { mean: 4, weight: 10 };
/** Under so many ratings the mean says more of the beginning than of the ratings. */
const ENOUGH_RATINGS = 30;

/** How content readers are (D20). */
export interface Satisfaction {
  /** 1 to 5; begins at 4.0 and moves with the ratings. */
  value: number;
  ratings: number;
  status: 'measured' | 'insufficient';
}

/** D20 of so many ratings from 1 to 5 with this sum. */
export function satisfactionOf({ count, sum }: { count: number; sum: number }): Satisfaction {
  const value = (sum + PRIOR.mean * PRIOR.weight) / (count + PRIOR.weight);
  return { value, ratings: count, status: count < ENOUGH_RATINGS ? 'insufficient' : 'measured' };
}
