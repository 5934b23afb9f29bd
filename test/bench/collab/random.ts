/** Numbers in [0, 1), the same for the same seed. */
export type Random = () => number;

/** A small seeded generator (mulberry32); not for secrets. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** A whole number from `min` to `max`, both included. */
export function between(random: Random, min: number, max: number): number {
  return min + Math.floor(random() * (max - min + 1));
}

/** Time to the next event of a Poisson process; at most five times the mean, so that no writer falls silent. */
export function poissonDelay(random: Random, mean: number): number {
  return Math.min(mean * 5, -Math.log(1 - random()) * mean);
}
