import pino, { type DestinationStream, type Logger } from 'pino';

/** Fields that never reach the log, at the top or one level down: secrets, names and story text. */
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

/** JSON lines on standard output (or `destination`): time, level, event, fields. */
export function createLog(level: string, destination?: DestinationStream): Logger {
  const options = {
    level,
    // `pid` and `hostname` say nothing on a single machine.
    base: {},
    messageKey: 'event',
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: {
      paths: SECRET_FIELDS.flatMap((field) => [field, `*.${field}`, `*.*.${field}`]),
      censor: '[hidden]',
    },
  };
  return destination === undefined ? pino(options) : pino(options, destination);
}
