// What strings.ts puts into its sentences: numbers, lists and times in words.

/** `1 request`, `2 requests`. */
export const count = (n: number, one: string, many: string): string => `${n} ${n === 1 ? one : many}`;

/** `Ann, Bo and Cy`. */
export const listed = (names: readonly string[]): string =>
  names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''}`;

/** A time that counts down: to the second below an hour. */
export const duration = (ms: number): string => {
  const seconds = Math.max(0, Math.ceil(ms / 1_000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${String(seconds % 60).padStart(2, '0')} s`;
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`;
};

/** Seconds below a minute (in fives from ten on), then minutes, then hours; whole ones. */
const rough = (ms: number): [n: number, unit: 's' | 'min' | 'h'] => {
  const seconds = Math.ceil(ms / 1_000);
  if (seconds < 10) return [seconds, 's'];
  if (seconds < 58) return [Math.round(seconds / 5) * 5, 's'];
  const minutes = Math.round(seconds / 60);
  return minutes < 60 ? [minutes, 'min'] : [Math.round(minutes / 60), 'h'];
};

/** A wait in friendly words: people do not count milliseconds. */
export const wait = (ms: number): string => (ms < 2_000 ? 'in a moment' : `in about ${rough(ms).join(' ')}`);

const UNITS = { s: ['second', 'seconds'], min: ['minute', 'minutes'], h: ['hour', 'hours'] } as const;

/** When to try again, in words. */
export const tryAgain = (ms: number): string => {
  if (ms < 2_000) return 'Try again in a moment.';
  const [n, unit] = rough(ms);
  const [one, many] = UNITS[unit];
  return `Try again in ${count(n, one, many)}.`;
};

/** `1st`, `2nd`, `11th`. */
export const ordinal = (n: number): string => {
  const isTeen = n % 100 > 10 && n % 100 < 14;
  return `${n}${isTeen ? 'th' : (['th', 'st', 'nd', 'rd'][n % 10] ?? 'th')}`;
};

/** How old something is, in whole minutes, hours or days. */
export const age = (ms: number): string => {
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 1) return 'less than a minute';
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h` : `${Math.floor(hours / 24)} days`;
};
