import { toRefusal } from '../sessions/errors.ts';
import type { ErrorCode } from '../sessions/errors.ts';
import type { RequestStatus } from './narrator-observer.ts';

/** Codes with which a request is turned away before it begins. */
const REJECTED: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'NARRATOR_BUSY',
  'NARRATOR_QUEUE_FULL',
  'NARRATOR_BUDGET',
  'NARRATOR_LOOP',
  'NARRATOR_OFF',
  'SHUTTING_DOWN',
]);

/** Who measures a request. */
export interface Tracker {
  /** Milliseconds on any clock. */
  now: () => number;
  /** Is called once when the request is over. */
  tell: (status: RequestStatus, durationMs: number) => void;
}

/**
 * S1.5: runs `work` and tells once how it ended and how long it took, whatever happens; then resolves or rejects as it
 * did, with the very same error. The time counts from the call of `begun`, and is 0 when that never came.
 */
export async function track<T>({ now, tell }: Tracker, work: (begun: () => void) => Promise<T>): Promise<T> {
  let beganAt: number | null = null;
  const begun = () => void (beganAt ??= now());
  const end = (status: RequestStatus) => tell(status, beganAt === null ? 0 : now() - beganAt);
  try {
    const result = await work(begun);
    end('success');
    return result;
  } catch (error) {
    end(statusOf(error, beganAt !== null));
    throw error;
  }
}

function statusOf(error: unknown, hasBegun: boolean): RequestStatus {
  const name = error instanceof Error ? error.name : '';
  if (name === 'TimeoutError') return 'timeout';
  if (name === 'AbortError') return 'cancelled';
  if (!REJECTED.has(toRefusal(error).code)) return 'error';
  // Once it has begun, only somebody more urgent or the end of the server takes its place.
  return hasBegun ? 'cancelled' : 'rejected';
}
