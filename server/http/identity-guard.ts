import type { Request, RequestHandler, Response } from 'express';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { AppError, refuse } from '../../sessions/errors.ts';
import { hashSecret } from '../../sessions/secrets.ts';
import type { Random } from '../../sessions/ids.ts';
import { newSecret } from '../../sessions/ids.ts';
import { identityCookie, readIdentity } from '../identity.ts';
import { isOwnOrigin } from '../realtime/origin.ts';
import { sendRefusal } from './app.ts';

/** SHA-256 of the browser identity of a request; null when it has none. */
export function identityOf(request: Request): string | null {
  const identity = readIdentity(request.headers.cookie);
  return identity === null ? null : hashSecret(identity);
}

/** The identity of a request, made and set as a cookie when it has none. Answers its hash. */
export function ensureIdentity(
  request: Request,
  response: Response,
  of: { random: Random; isHttps: boolean },
): string {
  const known = identityOf(request);
  if (known !== null) return known;
  const identity = newSecret(of.random);
  response.append('Set-Cookie', identityCookie(identity, { isSecure: of.isHttps }));
  return hashSecret(identity);
}

/** Refuses requests that change something when they come from a foreign page (beside SameSite cookies). */
export function ownOriginOnly(publicUrl: string | null): RequestHandler {
  return (request, _response, next) => {
    if (request.method === 'GET' || request.method === 'HEAD' || isOwnOrigin(request, publicUrl))
      return next();
    next(new AppError('BAD_ORIGIN'));
  };
}

/** At most `perMinute` requests a minute from one address; the rest is told when to come again. */
export function rateLimit(perMinute: number): RequestHandler {
  const limiter = new RateLimiterMemory({ points: perMinute, duration: 60 });
  return async (request, response, next) => {
    try {
      await limiter.consume(request.ip ?? 'unknown');
    } catch (error) {
      if (!(error instanceof RateLimiterRes)) return next(error);
      const seconds = Math.ceil(error.msBeforeNext / 1_000);
      return sendRefusal(response, refuse('RATE_LIMITED', `Try again in ${seconds} s.`, error.msBeforeNext));
    }
    next();
  };
}
