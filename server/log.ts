import pino, { type DestinationStream, type Logger } from 'pino';
import { describeError } from './log-error.ts';
import { currentIds, mergeIds } from './log-ids.ts';
import type { LogRing } from './log-ring.ts';

/** Fields that never reach the log, at the top or two levels down: secrets, names and story text. */
const SECRET_FIELDS = [
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
];
const SERVICE = 'taleloom';
const LONGEST_FIELD = 2_000;
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
 * JSON lines: time, level in upper case, service, event, the ids of the work (`idScope`), and fields. `log.level` may be set at any
 * time. Lines are written before the call returns, so that the last words of a process are not lost.
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
      formatters: { level: (label: string) => ({ level: label.toUpperCase() }), log: clipped },
      serializers: { err: describeError },
      redact: {
        paths: SECRET_FIELDS.flatMap((field) => [field, `*.${field}`, `*.*.${field}`]),
        censor: '[hidden]',
      },
    },
    {
      write(line: string): void {
        const shown = hide(line);
        ring?.add(shown);
        destination.write(shown);
      },
    },
  );
}

/** A field is a word or a figure; what is longer is a mistake, and cut off. */
function clipped(fields: Record<string, unknown>): Record<string, unknown> {
  const long = Object.entries(fields).filter(
    ([, value]) => typeof value === 'string' && value.length > LONGEST_FIELD,
  );
  if (long.length === 0) return fields;
  return {
    ...fields,
    ...Object.fromEntries(long.map(([name, value]) => [name, String(value).slice(0, LONGEST_FIELD)])),
  };
}

function hiding(secrets: readonly (string | null)[]): (line: string) => string {
  const known = secrets
    .filter((secret) => secret !== null)
    .filter((secret) => secret.length >= SHORTEST_SECRET)
    // As JSON writes it.
    .map((secret) => JSON.stringify(secret).slice(1, -1));
  return (line) => known.reduce((shown, secret) => shown.replaceAll(secret, '[hidden]'), line);
}
