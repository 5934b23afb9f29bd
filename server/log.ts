import pino, { type DestinationStream, type Logger } from 'pino';
import { describeError } from './log-error.ts';
import { currentIds, mergeIds } from './log-ids.ts';
import type { LogRing } from './log-ring.ts';

/** Fields that never reach the log, wherever they are: secrets, names and story text. */
const SECRET_FIELDS = new Set([
  'ticket',
  'cookie',
  'authorization',
  'secret',
  'recoverySecret',
  'sessionSecret',
  'invite',
  'token',
  'apiKey',
  'name',
  'ownerName',
  'text',
]);
const SERVICE = 'taleloom';
const HIDDEN = '[hidden]';
const CUT = '[cut off]';
const LONGEST_FIELD = 2_000;
const LONGEST_LIST = 100;
const DEEPEST = 5;
/** Shorter ones would be found in lines by chance. */
const SHORTEST_SECRET = 8;

export interface LogOptions {
  /** Default: standard output. */
  destination?: DestinationStream;
  /** Keeps the newest lines for the operators' page. */
  ring?: LogRing;
  /** Configured secrets: where one turns up in a line, whatever brought it there, it is cut out. */
  secrets?: readonly (string | null)[];
}

/**
 * JSON lines: time, level in upper case, service, event, the ids of the work (`idScope`), and fields. `log.level` may be
 * set at any time. Lines are written before the call returns, so that the last words of a process are not lost.
 */
export function createLog(level: string, options: LogOptions = {}): Logger {
  const { destination = pino.destination({ fd: 1, sync: true }), ring, secrets = [] } = options;
  const hide = hiding(secrets);
  return pino(
    {
      level,
      // `pid` and `hostname` say nothing on a single machine.
      base: { service: SERVICE },
      messageKey: 'event',
      errorKey: 'err',
      timestamp: pino.stdTimeFunctions.isoTime,
      mixin: currentIds,
      mixinMergeStrategy: mergeIds,
      formatters: { level: (label: string) => ({ level: label.toUpperCase() }), log: shown },
      serializers: { err: describeError },
    },
    {
      write(line: string): void {
        const safe = hide(line);
        ring?.add(safe);
        destination.write(safe);
      },
    },
  );
}

/** The fields without what must not be seen; a field is a word or a figure, and what is longer is cut off. */
function shown(fields: Record<string, unknown>): Record<string, unknown> {
  const copy: Record<string, unknown> = {};
  for (const name in fields) {
    // `err` has its serializer.
    if (name === 'err') copy[name] = fields[name];
    else copy[name] = SECRET_FIELDS.has(name) ? HIDDEN : plain(fields[name], 1);
  }
  return copy;
}

function plain(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return value.length > LONGEST_FIELD ? value.slice(0, LONGEST_FIELD) : value;
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Error) return describeError(value);
  if (depth > DEEPEST) return CUT;
  if (Array.isArray(value)) return value.slice(0, LONGEST_LIST).map((each) => plain(each, depth + 1));
  const entries = Object.entries(value).slice(0, LONGEST_LIST);
  return Object.fromEntries(
    entries.map(([name, each]) => [name, SECRET_FIELDS.has(name) ? HIDDEN : plain(each, depth + 1)]),
  );
}

function hiding(secrets: readonly (string | null)[]): (line: string) => string {
  const known = secrets
    .filter((secret) => secret !== null)
    .filter((secret) => secret.length >= SHORTEST_SECRET)
    // As JSON writes it.
    .map((secret) => JSON.stringify(secret).slice(1, -1));
  return (line) => known.reduce((text, secret) => text.replaceAll(secret, HIDDEN), line);
}
