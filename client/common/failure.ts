import { ERRORS, type ErrorCode, type Refusal } from '../../sessions/errors.ts';
import { TEXT } from '../strings.ts';

/** Why something did not work: a refusal of the server, or a fault on the way to it. */
export interface Failure {
  readonly ok: false;
  readonly code: ErrorCode | 'OFFLINE' | 'TIMEOUT' | 'NETWORK' | 'UNEXPECTED';
  readonly message: string;
}

/** A success with its value, or a failure. */
export type Result<T> = { readonly ok: true; readonly value: T } | Failure;

/** A failure that never reached the server, or whose answer never came back. */
export function localFailure(code: 'OFFLINE' | 'TIMEOUT' | 'NETWORK' | 'UNEXPECTED'): Failure {
  const messages = {
    OFFLINE: TEXT.failures.offline,
    TIMEOUT: TEXT.failures.timeout,
    NETWORK: TEXT.failures.network,
    UNEXPECTED: TEXT.failures.unexpected,
  };
  return { ok: false, code, message: messages[code] };
}

/** A refusal of the server as a failure to show: what, why, and when to try again. */
export function failureOf({ code, message, detail, retryAfterMs }: Refusal): Failure {
  const why = detail === null ? message : TEXT.failures.withDetail(message, detail);
  // Some details say when by themselves.
  const isTimeKnown = retryAfterMs === null || /\bin \d+ (s|minutes?)\b/.test(detail ?? '');
  return { ok: false, code, message: isTimeKnown ? why : `${why} ${TEXT.failures.tryAgain(retryAfterMs)}` };
}

/** Whether the same attempt may work later. */
export function mayPass({ code }: Failure): boolean {
  switch (code) {
    case 'OFFLINE':
    case 'TIMEOUT':
    case 'NETWORK':
    case 'UNEXPECTED':
      return true;
    default:
      return ERRORS[code][1];
  }
}

/** Whether something from outside is a refusal. */
export function isRefusal(value: unknown): value is Refusal {
  return (
    typeof value === 'object' &&
    value !== null &&
    'ok' in value &&
    value.ok === false &&
    'code' in value &&
    'message' in value
  );
}
