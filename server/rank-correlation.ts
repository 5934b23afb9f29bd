/** Ranks from 1; those that are the same share the mean of their ranks. */
function ranksOf(values: readonly number[]): number[] {
  const order = values.map((value, at) => ({ value, at })).sort((a, b) => a.value - b.value);
  const ranks = new Array<number>(values.length).fill(0);
  for (let from = 0; from < order.length;) {
    let to = from + 1;
    while (to < order.length && order[to]?.value === order[from]?.value) to += 1;
    for (const { at } of order.slice(from, to)) ranks[at] = (from + 1 + to) / 2;
    from = to;
  }
  return ranks;
}

/** Spearman's rank correlation, -1 to 1; null where one side never varies, or under two pairs. */
export function spearman(pairs: readonly (readonly [number, number])[]): number | null {
  const left = ranksOf(pairs.map(([value]) => value));
  const right = ranksOf(pairs.map(([, value]) => value));
  const middle = (pairs.length + 1) / 2;
  let both = 0;
  let lefts = 0;
  let rights = 0;
  for (const [at, rank] of left.entries()) {
    const one = rank - middle;
    const other = (right[at] ?? middle) - middle;
    both += one * other;
    lefts += one * one;
    rights += other * other;
  }
  return lefts === 0 || rights === 0 ? null : both / Math.sqrt(lefts * rights);
}
