import { AsyncLocalStorage } from 'node:async_hooks';
import { createHmac } from 'node:crypto';

/** What the lines of a log are found by; each is left out where it is not known. */
export interface LineIds {
  request?: string;
  session?: string;
  turn?: string;
  /** 32 hex digits, as in a `traceparent`. */
  trace?: string;
  /** A pseudonym, see `pseudonyms`. */
  player?: string;
}

interface Scope {
  ids: LineIds;
  isOver: boolean;
}

const storage = new AsyncLocalStorage<Scope | null>();

/** A piece of work whose lines carry ids. */
export interface IdScope {
  /** Runs it so that all lines written meanwhile, also behind awaits, carry the ids beside those from around it. */
  run: <T>(work: () => T) => T;
  /** The work is done. What it has set going and goes on (a timer, a loop for everybody) does not carry its ids. */
  end: () => void;
}

export function idScope(ids: LineIds): IdScope {
  const scope: Scope = { ids: { ...currentIds(), ...ids }, isOver: false };
  return {
    run: (work) => storage.run(scope, work),
    end: () => {
      scope.isOver = true;
    },
  };
}

/** Runs it so that lines carry only what they name themselves: for work done for many at once. */
export function withoutIds<T>(work: () => T): T {
  return storage.run(null, work);
}

/** The ids that lines carry here. */
export function currentIds(): LineIds {
  const scope = storage.getStore() ?? null;
  return scope === null || scope.isOver ? {} : scope.ids;
}

/** The fields of a line with the ids around it; what is about another session was only set going by this one. */
export function mergeIds(fields: object, ids: object): object {
  const isForeign = 'session' in fields && 'session' in ids && fields.session !== ids.session;
  return isForeign ? fields : { ...ids, ...fields };
}

const PSEUDONYM_LENGTH = 12;

/**
 * Names for players in logs: a keyed hash, 12 hexadecimal digits, the same as long as the secret is. Who does not have
 * the secret cannot tell whom it means.
 */
export function pseudonyms(secret: string): (playerId: string) => string {
  return (playerId) =>
    createHmac('sha256', secret).update(`log\0${playerId}`).digest('hex').slice(0, PSEUDONYM_LENGTH);
}
