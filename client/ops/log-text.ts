import type { LogLine } from '../../sessions/ops-view.ts';

/** Characters of the further fields of a line that are shown. */
const MOST_TEXT = 2_000;

const CLOCK = new Intl.DateTimeFormat('en-GB', {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  fractionalSecondDigits: 3,
});

/** Time of day to the millisecond. */
export function logTime(at: number): string {
  return CLOCK.format(at);
}

/** The further fields of a line as `name=value`, as they stand in the log. */
export function fieldsText(fields: LogLine['fields']): string {
  const parts = Object.entries(fields).map(([name, value]) => {
    const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
    return `${name}=${/[\s"]/.test(text) && typeof value === 'string' ? JSON.stringify(text) : text}`;
  });
  const all = parts.join(' ');
  return all.length > MOST_TEXT ? `${all.slice(0, MOST_TEXT)}…` : all;
}

/** Whether the id could be one: the page asks the server only about such. */
export function isId(text: string): boolean {
  return /^[0-9a-z]{1,40}$/.test(text);
}
