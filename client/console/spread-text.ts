import { SPREAD } from './figure-strings.ts';
import type { Spread } from './people-bars.ts';

/** From this share of one person on, it is said in these words rather than as a spread. */
const MUCH = 0.6;
/** Words are even while nobody has more than this many times an even share. */
const EVEN = 1.3;

/** How the words of people are spread, in sentences that name nobody. */
export function spreadSentences({ people, writers, most, quiet }: Spread): string[] {
  const quietly = quiet > 0 ? [SPREAD.quiet(quiet)] : [];
  if (most === null) return [SPREAD.none];
  if (people < 2) return [SPREAD.alone];
  if (most.share >= MUCH) return [SPREAD.one(most.share), ...quietly];
  const isEven = most.share * people < EVEN;
  return [isEven ? SPREAD.even(writers) : SPREAD.some(writers, most.share), ...quietly];
}
