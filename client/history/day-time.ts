const DAY_TIME = new Intl.DateTimeFormat(undefined, { dateStyle: 'long', timeStyle: 'short' });

/** A day and a time of day, in words. */
export function dayTime(at: number): string {
  return DAY_TIME.format(at);
}
