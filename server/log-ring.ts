import type { LogLine } from '../sessions/ops-view.ts';

export const LOG_LEVELS = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'] as const;

/** Which lines are wanted; what is null does not matter. */
export interface LogQuery {
  session: string | null;
  turn: string | null;
  request: string | null;
  /** This level and those above. */
  level: LogLine['level'] | null;
  /** Only lines of this event. */
  event: string | null;
  /** The newest so many. */
  limit: number;
}

const LONGEST_LINE = 64 * 1024;
const OWN_FIELDS = new Set(['time', 'level', 'event', 'session', 'turn', 'request', 'service']);

/**
 * The newest lines of the log, in memory: at most `maxLines` and `maxBytes`, the oldest go first. A line of more than
 * 64 KiB is not kept.
 */
export class LogRing {
  readonly #maxLines: number;
  readonly #maxBytes: number;
  #lines: (string | undefined)[];
  /** Position of the oldest line, and how many there are. */
  #first = 0;
  #count = 0;
  #bytes = 0;

  constructor(of: { maxLines?: number; maxBytes?: number } = {}) {
    this.#maxLines = of.maxLines ?? 20_000;
    this.#maxBytes = of.maxBytes ?? 8 * 1024 * 1024;
    this.#lines = new Array<string | undefined>(this.#maxLines);
  }

  get size(): { lines: number; bytes: number } {
    return { lines: this.#count, bytes: this.#bytes };
  }

  /** Keeps one line as it was written. */
  add(line: string): void {
    // What is not ASCII takes two bytes a unit in memory; few lines have any.
    if (line.length > Math.min(LONGEST_LINE, this.#maxBytes)) return;
    while (this.#count > 0 && (this.#count >= this.#maxLines || this.#bytes + line.length > this.#maxBytes))
      this.#dropOldest();
    this.#lines[(this.#first + this.#count) % this.#maxLines] = line;
    this.#count += 1;
    this.#bytes += line.length;
  }

  #dropOldest(): void {
    this.#bytes -= this.#lines[this.#first]?.length ?? 0;
    this.#lines[this.#first] = undefined;
    this.#first = (this.#first + 1) % this.#maxLines;
    this.#count -= 1;
  }

  /** The newest lines that match, oldest first. Costs one look at each line that is kept. */
  find(query: LogQuery): LogLine[] {
    const asked = { session: query.session, turn: query.turn, request: query.request, event: query.event };
    const wanted = Object.entries(asked).flatMap(([name, value]) =>
      value === null ? [] : [`${JSON.stringify(name)}:${JSON.stringify(value)}`],
    );
    const found: LogLine[] = [];
    for (let index = this.#count - 1; index >= 0 && found.length < query.limit; index -= 1) {
      const line = this.#lines[(this.#first + index) % this.#maxLines] ?? '';
      // Reading a line costs a hundred times what these two do.
      if (query.level !== null && rankOf(line) < LOG_LEVELS.indexOf(query.level)) continue;
      if (!wanted.every((field) => line.includes(field))) continue;
      const parsed = parseLine(line);
      if (parsed !== null && matches(parsed, query)) found.push(parsed);
    }
    return found.reverse();
  }
}

const LEVEL_AT = '{"level":"'.length;

/** Place of a line's level among all; -1: it is none of ours. */
function rankOf(line: string): number {
  const name = line.slice(LEVEL_AT, line.indexOf('"', LEVEL_AT));
  return LOG_LEVELS.findIndex((level) => level === name);
}

function matches(line: LogLine, query: LogQuery): boolean {
  return (
    (query.session ?? line.session) === line.session &&
    (query.turn ?? line.turn) === line.turn &&
    (query.request ?? line.request) === line.request &&
    (query.event ?? line.event) === line.event
  );
}

const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null);

/** One line of the log; null: it is none of ours. */
function parseLine(line: string): LogLine | null {
  const raw = parseJson(line);
  const level = LOG_LEVELS.find((each) => each === raw?.level);
  if (raw === null || level === undefined) return null;
  const at = Date.parse(textOf(raw.time) ?? '');
  if (Number.isNaN(at)) return null;
  return {
    at,
    level,
    event: textOf(raw.event) ?? '',
    session: textOf(raw.session),
    turn: textOf(raw.turn),
    request: textOf(raw.request),
    fields: Object.fromEntries(Object.entries(raw).filter(([name]) => !OWN_FIELDS.has(name))),
  };
}

function parseJson(line: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
