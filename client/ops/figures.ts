import type { Unit } from '../../sessions/ops-view.ts';

/** What stands where nothing was measured. */
export const NOTHING = '–';

const WHOLE = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const BYTE_UNITS = ['B', 'kB', 'MB', 'GB', 'TB'] as const;
const COUNT_UNITS = ['', 'k', 'M', 'G'] as const;

/** Three figures, without zeros that say nothing: 12.3, 0.045, 1,204. */
function threeFigures(value: number): string {
  const size = Math.abs(value);
  if (size >= 100 || value === 0) return WHOLE.format(value);
  const digits = size >= 10 ? 1 : size >= 1 ? 2 : Math.min(6, 2 - Math.floor(Math.log10(size)));
  return String(Number(value.toFixed(digits)));
}

/** A value in the largest of the units that leaves it at 1 or more. */
function scaled(value: number, units: readonly string[]): [value: number, unit: string] {
  let [left, step] = [value, 0];
  // 999.6 would be rounded to 1,000 of the smaller unit.
  while (Math.abs(left) >= 999.5 && step < units.length - 1) [left, step] = [left / 1_000, step + 1];
  return [left, units[step] ?? ''];
}

/** A length of time, from microseconds to days, with at most two units. */
export function spanText(seconds: number): string {
  const size = Math.abs(seconds);
  if (size < 0.0005) return size === 0 ? '0 s' : `${threeFigures(seconds * 1e6)} µs`;
  if (size < 0.9995) return `${threeFigures(seconds * 1_000)} ms`;
  if (size < 59.95) return `${threeFigures(seconds)} s`;
  const sign = seconds < 0 ? '-' : '';
  const minutes = Math.floor(Math.round(size) / 60);
  if (minutes < 60) return withRest(`${sign}${minutes} min`, Math.round(size) % 60, 's');
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return withRest(`${sign}${hours} h`, minutes % 60, 'min');
  return withRest(`${sign}${Math.floor(hours / 24)} d`, hours % 24, 'h');
}

const withRest = (whole: string, rest: number, unit: string): string =>
  rest === 0 ? whole : `${whole} ${rest} ${unit}`;

/** A share as percent. Near 100 % it keeps the figures that tell 99.9 from 99.99. */
export function percentText(ratio: number): string {
  const missing = Math.abs(1 - ratio);
  const digits = missing > 0 && missing < 0.01 ? Math.min(4, 1 - Math.floor(Math.log10(missing * 100))) : 1;
  const text = Number((ratio * 100).toFixed(digits));
  // What is not all must not read as all.
  return text === 100 && ratio < 1 ? '>99.999 %' : `${text} %`;
}

/** A figure with its unit, for people. */
export function figureText(value: number | null, unit: Unit): string {
  if (value === null || !Number.isFinite(value)) return NOTHING;
  switch (unit) {
    case 'seconds':
      return spanText(value);
    case 'ratio':
      return percentText(value);
    case 'bytes':
      return scaledText(value, BYTE_UNITS, ' ');
    case 'perSecond':
      return `${threeFigures(value)}/s`;
    case 'tokens':
      return `${countText(value)} tokens`;
    case 'score':
      return value.toFixed(2);
    case 'count':
      return countText(value);
  }
}

function scaledText(value: number, units: readonly string[], space: string): string {
  const [left, unit] = scaled(value, units);
  return `${threeFigures(left)}${unit === '' ? '' : space}${unit}`;
}

/** To 99,999 as it is, then in thousands and millions. */
function countText(value: number): string {
  return Math.abs(value) < 100_000 ? threeFigures(value) : scaledText(value, COUNT_UNITS, '');
}

/** How old something is: `12 s ago`, `3 h ago`. */
export function agoText(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1_000));
  if (seconds < 5) return 'just now';
  if (seconds < 60) return `${seconds} s ago`;
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 48 * 3_600) return `${Math.floor(seconds / 3_600)} h ago`;
  return `${Math.floor(seconds / 86_400)} days ago`;
}

/** Parts of a whole in percent that fill 100 together; a part that is not 0 gets at least 1. */
export function sharesOf(parts: readonly number[]): number[] {
  const total = parts.reduce((sum, part) => sum + Math.max(0, part), 0);
  if (total <= 0) return parts.map(() => 0);
  const least = parts.map((part) => (part > 0 ? Math.max(1, (100 * part) / total) : 0));
  const sum = least.reduce((all, part) => all + part, 0);
  return least.map((part) => (100 * part) / sum);
}
