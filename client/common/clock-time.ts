const TIME = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });
const DAY_AND_TIME = new Intl.DateTimeFormat(undefined, {
  weekday: 'short',
  hour: '2-digit',
  minute: '2-digit',
});
const HALF_A_DAY_MS = 12 * 3_600_000;

/** A time of day, with its day when that is not near. */
export function clockTime(at: number): string {
  const isNear = Math.abs(at - Date.now()) < HALF_A_DAY_MS;
  return (isNear ? TIME : DAY_AND_TIME).format(at);
}
