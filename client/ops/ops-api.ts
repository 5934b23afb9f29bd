import { failureOf, isRefusal, localFailure, type Result } from '../common/failure.ts';
import { Store } from '../common/store.ts';
import { fits, type Shape } from './shape.ts';

const TIMEOUT_MS = 20_000;
/** Characters of one answer. */
const MOST_TEXT = 16_000_000;

/** Whether the operator is known to the server; 'unknown' until it was asked, 'ended' when a login has run out. */
export const entry = new Store<'unknown' | 'out' | 'ended' | 'in'>('unknown');

interface Call {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  body?: unknown;
  /** What the answer must look like; without, anything does. */
  shape?: Shape;
  signal?: AbortSignal;
  /** Default: 20 seconds. */
  timeoutMs?: number;
}

async function textOf(path: string, call: Call): Promise<{ status: number; text: string } | null> {
  const timeout = AbortSignal.timeout(call.timeoutMs ?? TIMEOUT_MS);
  try {
    const response = await fetch(path, {
      method: call.method ?? 'GET',
      credentials: 'same-origin',
      signal: call.signal === undefined ? timeout : AbortSignal.any([timeout, call.signal]),
      ...(call.body === undefined
        ? {}
        : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(call.body) }),
    });
    return { status: response.status, text: await response.text() };
  } catch {
    return null;
  }
}

function parsed(text: string): unknown {
  try {
    return text === '' || text.length > MOST_TEXT ? null : (JSON.parse(text) as unknown);
  } catch {
    return null;
  }
}

/**
 * Asks the server as the operator, by the cookie of the login. Never throws. An answer of another shape is the failure
 * UNEXPECTED; OPERATOR_ONLY from a page that was in also ends the login.
 */
export async function askOps<T>(path: string, call: Call = {}): Promise<Result<T>> {
  const got = await textOf(`/api/ops${path}`, call);
  if (got === null) return localFailure('NETWORK');
  const answer = parsed(got.text);
  if (isRefusal(answer)) {
    if (answer.code === 'OPERATOR_ONLY' && entry.get() === 'in') entry.set('ended');
    return failureOf(answer);
  }
  const isGood = got.status < 400 && fits(answer, call.shape ?? 'any');
  return isGood ? { ok: true, value: answer as T } : localFailure('UNEXPECTED');
}
