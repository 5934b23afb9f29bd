/** Dashes of the lines of a chart, so that they can be told apart without colours. */
export const DASHES: readonly (readonly number[])[] = [
  [],
  [8, 4],
  [2, 3],
  [10, 3, 2, 3],
  [5, 2],
  [14, 4],
  [3, 5],
  [8, 3, 2, 3, 2, 3],
];

/** A colour of the page as it is in the present scheme, for what is drawn on a canvas. */
export function pageColour(variable: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(variable).trim();
}

/** The colour of a line of a chart: one of eight, from `--line-1` on. */
export function lineColour(index: number): string {
  return pageColour(`--line-${(index % 8) + 1}`);
}
