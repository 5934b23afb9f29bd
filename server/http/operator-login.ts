import { randomBytes } from 'node:crypto';
import { json, Router, type Request, type Response } from 'express';
import { z } from 'zod';
import { AppError } from '../../sessions/errors.ts';
import type { OpsMe } from '../../sessions/ops-view.ts';
import { sendRefusal } from './app.ts';
import { ownOriginOnly, rateLimit } from './identity-guard.ts';
import type { OperatorDoor } from './operator-guard.ts';
import type { OperatorOidc } from './operator-oidc.ts';
import { readCookie, type OperatorSessions } from './operator-session.ts';
import { parseBody } from './parse-body.ts';

/** Pages ask who they are each time they are opened. */
const REQUESTS_PER_MINUTE = 300;
const LOGINS_PER_MINUTE = 30;
const CALLBACK = '/login/oidc/callback';
const ATTEMPT_COOKIE = 'taleloom_login';
const ATTEMPT_SECONDS = 10 * 60;
const PAGE = '/ops';

const loginSchema = z.object({ token: z.string().min(1).max(4_096) });

export interface OperatorLoginParts {
  door: OperatorDoor;
  sessions: OperatorSessions;
  /** Null: there is no login server. */
  oidc: OperatorOidc | null;
  publicUrl: string | null;
  isHttps: boolean;
}

/** The way back from the login server carries this one: a stricter cookie would not come along. */
function attemptCookie(value: string, maxAge: number, isHttps: boolean): string {
  const secure = isHttps ? '; Secure' : '';
  return `${ATTEMPT_COOKIE}=${value}; Path=/api/ops/login; Max-Age=${maxAge}; HttpOnly; SameSite=Lax${secure}`;
}

function callbackUrl(request: Request, publicUrl: string | null): string {
  const origin = publicUrl ?? `${request.protocol}://${request.get('host') ?? 'localhost'}`;
  return `${origin}${request.baseUrl}${CALLBACK}`;
}

/** A person's browser came here by itself: a sentence, not a refusal. */
function sayTo(response: Response, status: number, sentence: string): void {
  response.status(status).set('Cache-Control', 'no-store').type('text').send(`${sentence}\n`);
}

/**
 * Under `/api/ops`: how operators log in and out, and who they are. The others of `/api/ops` ask the same door. Without a
 * token and a login server all of it answers that it is closed, and how to open it.
 */
export function operatorLogin(parts: OperatorLoginParts): Router {
  const { door, sessions, publicUrl } = parts;
  const router = Router();
  const ownPage = ownOriginOnly(publicUrl);

  router.get('/me', rateLimit(REQUESTS_PER_MINUTE), async (request: Request, response: Response) => {
    const operator = await door.who(request);
    const me: OpsMe = { name: operator?.name ?? null, how: operator?.how ?? null, ways: door.ways };
    response.set('Cache-Control', 'no-store').json(me);
  });
  router.post(
    '/login',
    rateLimit(LOGINS_PER_MINUTE),
    ownPage,
    json({ limit: 8 * 1024 }),
    async (request: Request, response: Response) => {
      if (door.closedBecause !== null) throw new AppError('OPERATOR_ONLY', { detail: door.closedBecause });
      const { token } = parseBody(loginSchema, request.body);
      if (!door.isToken(token)) {
        const refusal = await door.noteWrong(request);
        if (refusal !== null) return sendRefusal(response, refusal);
        throw new AppError('OPERATOR_ONLY', { detail: 'That is not the token of this server.' });
      }
      response.append('Set-Cookie', await sessions.begin({ name: 'operator', how: 'token' }));
      response.set('Cache-Control', 'no-store').json({ name: 'operator', how: 'token' });
    },
  );
  router.post('/logout', ownPage, async (request: Request, response: Response) => {
    response.append('Set-Cookie', await sessions.end(request.headers.cookie));
    response.json({});
  });
  addOidc(router, parts);
  return router;
}

function addOidc(router: Router, { oidc, sessions, publicUrl, isHttps }: OperatorLoginParts): void {
  const guard = rateLimit(LOGINS_PER_MINUTE);
  if (oidc === null) {
    router.get(['/login/oidc', CALLBACK], guard, (_request: Request, response: Response) =>
      sayTo(response, 404, 'There is no login server: set OIDC_ISSUER, OIDC_CLIENT_ID and OIDC_OPERATORS.'),
    );
    return;
  }
  router.get('/login/oidc', guard, async (request: Request, response: Response) => {
    const browser = randomBytes(32).toString('hex');
    const url = await oidc.begin(browser, callbackUrl(request, publicUrl));
    if (url === null) return sayTo(response, 502, 'The login server does not answer. Try again later.');
    response.append('Set-Cookie', attemptCookie(browser, ATTEMPT_SECONDS, isHttps));
    response.set('Cache-Control', 'no-store').redirect(303, url.href);
  });
  router.get(CALLBACK, guard, async (request: Request, response: Response) => {
    const query = new URL(request.originalUrl, 'http://localhost').searchParams;
    const answer = await oidc.finish(readCookie(request.headers.cookie, ATTEMPT_COOKIE), query);
    response.append('Set-Cookie', attemptCookie('', 0, isHttps));
    if (!answer.ok) return sayTo(response, 403, answer.reason);
    response.append('Set-Cookie', await sessions.begin({ name: answer.name, how: 'oidc' }));
    response.set('Cache-Control', 'no-store').redirect(303, PAGE);
  });
}
