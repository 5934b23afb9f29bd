import { createHash, timingSafeEqual } from 'node:crypto';
import type { Request, RequestHandler } from 'express';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { AppError, refuse, type Refusal } from '../../sessions/errors.ts';
import { isOwnOrigin } from '../realtime/origin.ts';
import { sendRefusal } from './app.ts';
import type { Operator, OperatorSessions } from './operator-session.ts';

/** Wrong tokens a minute from one address; the right one is taken whatever came before it. */
const WRONG_TOKENS_PER_MINUTE = 20;
const BEARER = /^Bearer (\S{1,4096})$/i;
/** What the token makes of somebody. */
const BY_TOKEN: Operator = { name: 'operator', how: 'token' };
const HOW_TO_OPEN = 'Set OPERATOR_TOKEN, or OIDC_ISSUER, on the server to use it.';

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Whether a text is the expected one; takes the same time whatever it is. */
export function sameAs(expected: string): (given: string) => boolean {
  const known = digest(expected);
  return (given) => timingSafeEqual(digest(given), known);
}

/** The bearer token of a request; null: none. */
function bearerOf(request: Request): string | null {
  return BEARER.exec(request.headers.authorization ?? '')?.[1] ?? null;
}

export interface OperatorDoorParts {
  /** Null: there is none. */
  token: string | null;
  /** Who has logged in; null: only the token counts. */
  sessions: OperatorSessions | null;
  /** Whether there is a login server. */
  hasOidc: boolean;
  publicUrl: string | null;
}

/** A request that changes something says itself that it comes from our page, or it does not come with our cookie. */
function isFromOurPage(request: Request, publicUrl: string | null): boolean {
  if (request.method === 'GET' || request.method === 'HEAD') return true;
  if (request.headers.origin !== undefined) return isOwnOrigin(request, publicUrl);
  return request.get('sec-fetch-site') === 'same-origin';
}

/** Who is an operator: who sends the token, or has logged in with this browser. */
export class OperatorDoor {
  readonly #parts: OperatorDoorParts;
  readonly #isExpected: (given: string) => boolean;
  readonly #wrong = new RateLimiterMemory({ points: WRONG_TOKENS_PER_MINUTE, duration: 60 });

  constructor(parts: OperatorDoorParts) {
    this.#parts = parts;
    this.#isExpected = parts.token === null ? () => false : sameAs(parts.token);
  }

  /** Which ways in there are. */
  get ways(): { token: boolean; oidc: boolean } {
    return { token: this.#parts.token !== null, oidc: this.#parts.hasOidc };
  }

  /** Whether this is the operator's token; takes the same time whatever it is. */
  isToken(given: string): boolean {
    return this.#isExpected(given);
  }

  /** Who makes this request; null: nobody we know. Throws AppError BAD_ORIGIN for a known one from a foreign page. */
  async who(request: Request): Promise<Operator | null> {
    const bearer = bearerOf(request);
    if (bearer !== null) return this.isToken(bearer) ? BY_TOKEN : null;
    const operator = (await this.#parts.sessions?.read(request.headers.cookie)) ?? null;
    if (operator !== null && !isFromOurPage(request, this.#parts.publicUrl)) throw new AppError('BAD_ORIGIN');
    return operator;
  }

  /** Counts a wrong try of an address; a refusal when there were too many, or null. */
  async noteWrong(request: Request): Promise<Refusal | null> {
    try {
      await this.#wrong.consume(request.ip ?? 'unknown');
      return null;
    } catch (error) {
      if (!(error instanceof RateLimiterRes)) throw error;
      return refuse('RATE_LIMITED', null, error.msBeforeNext);
    }
  }

  /** A sentence for people when there is no way in; null: there is one. */
  get closedBecause(): string | null {
    const { token, oidc } = this.ways;
    return token || oidc ? null : HOW_TO_OPEN;
  }

  /** Lets only operators through. Refuses with OPERATOR_ONLY, BAD_ORIGIN, and after many wrong tokens RATE_LIMITED. */
  readonly only: RequestHandler = async (request, response, next) => {
    if ((await this.who(request)) !== null) return next();
    // Who shows nothing guesses nothing: a page whose session has run out is told so, however often it asks.
    const refusal = bearerOf(request) === null ? null : await this.noteWrong(request);
    if (refusal !== null) return sendRefusal(response, refusal);
    const detail = this.closedBecause;
    next(new AppError('OPERATOR_ONLY', detail === null ? {} : { detail }));
  };
}

/**
 * Lets only those through who send the operator's token; compared in constant time. Without a configured token nobody
 * is let through, this very machine included: what a browser on it opens could ask there as well. Refuses with
 * OPERATOR_ONLY, and after many wrong tokens with RATE_LIMITED.
 */
export function operatorTokenOnly(token: string | null): RequestHandler {
  return new OperatorDoor({ token, sessions: null, hasOidc: false, publicUrl: null }).only;
}
