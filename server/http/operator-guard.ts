import { createHash, timingSafeEqual } from 'node:crypto';
import type { Request, RequestHandler } from 'express';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { AppError, refuse } from '../../sessions/errors.ts';
import { sendRefusal } from './app.ts';

/** Wrong tokens a minute from one address; the right one is taken whatever came before it. */
const WRONG_TOKENS_PER_MINUTE = 20;
const BEARER = /^Bearer (\S{1,4096})$/i;

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** The bearer token of a request; null: none. */
function bearerOf(request: Request): string | null {
  return BEARER.exec(request.headers.authorization ?? '')?.[1] ?? null;
}

/**
 * Lets only those through who send the operator's token; compared in constant time. Without a configured token nobody
 * is let through, this very machine included: what a browser on it opens could ask there as well. Refuses with
 * OPERATOR_ONLY, and after many wrong tokens with RATE_LIMITED.
 */
export function operatorTokenOnly(token: string | null): RequestHandler {
  const expected = token === null ? null : digest(token);
  const wrong = new RateLimiterMemory({ points: WRONG_TOKENS_PER_MINUTE, duration: 60 });
  return async (request, response, next) => {
    const given = bearerOf(request);
    if (expected !== null && given !== null && timingSafeEqual(digest(given), expected)) return next();
    try {
      await wrong.consume(request.ip ?? 'unknown');
    } catch (error) {
      if (!(error instanceof RateLimiterRes)) return next(error);
      return sendRefusal(response, refuse('RATE_LIMITED', null, error.msBeforeNext));
    }
    const detail = expected === null ? 'Set OPERATOR_TOKEN on the server to use it.' : undefined;
    next(new AppError('OPERATOR_ONLY', detail === undefined ? {} : { detail }));
  };
}
