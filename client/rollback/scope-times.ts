const two = (n: number): string => String(n).padStart(2, '0');

/** A moment as `<input type="datetime-local">` takes it, to the second, in the reader's time zone. */
export function toLocalInput(at: number): string {
  const date = new Date(at);
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day}T${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

/** The moment in such an input, epoch ms; null: none. */
export function fromLocalInput(text: string): number | null {
  const at = text === '' ? Number.NaN : new Date(text).getTime();
  return Number.isFinite(at) && at >= 0 ? at : null;
}

const MOMENT = new Intl.DateTimeFormat(undefined, {
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
});

/** A day and time for people. */
export function momentText(at: number): string {
  return MOMENT.format(at);
}
