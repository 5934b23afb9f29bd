import { createHmac, randomUUID } from 'node:crypto';
import { errors, jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';
import type { Clock } from '../../sessions/ports.ts';

const COOKIE = 'taleloom_operator';
/** The page of operators needs it nowhere else. */
const COOKIE_PATH = '/api';
const LIFETIME_SECONDS = 8 * 60 * 60;
const ISSUER = 'taleloom';
const AUDIENCE = 'taleloom-operator';
const ALGORITHM = 'HS256';
const MAX_HEADER_LENGTH = 16 * 1024;
/** Sessions that were ended before their time. */
const MOST_ENDED = 10_000;

const claimsSchema = z.object({
  jti: z.string().min(1).max(64),
  sub: z.string().min(1).max(320),
  how: z.enum(['token', 'oidc']),
});

/** Who works on the operators' page. */
export interface Operator {
  /** Address or subject; 'operator' for who came by the token. */
  name: string;
  how: 'token' | 'oidc';
}

/** Value of a cookie; null: not there. */
export function readCookie(header: string | undefined, name: string): string | null {
  if (header === undefined || header.length > MAX_HEADER_LENGTH) return null;
  for (const pair of header.split(';')) {
    const [own, value] = pair.trim().split('=', 2);
    if (own === name && value !== undefined) return value;
  }
  return null;
}

/**
 * Sessions of operators: a signed cookie for eight hours, which scripts and other sites do not get. What was logged out
 * stays out for as long as the process lives; a change of the operators' settings ends all sessions.
 */
export class OperatorSessions {
  readonly #key: Uint8Array;
  readonly #clock: Clock;
  readonly #isSecure: boolean;
  readonly #ended = new Set<string>();

  /** `settings`: whatever decides who is an operator, see above. */
  constructor(of: { secret: string; settings: unknown; clock: Clock; isSecure: boolean }) {
    const bound = JSON.stringify(['operator-session', of.settings]);
    this.#key = createHmac('sha256', of.secret).update(bound).digest();
    this.#clock = of.clock;
    this.#isSecure = of.isSecure;
  }

  /** The Set-Cookie value that begins a session. */
  async begin({ name, how }: Operator): Promise<string> {
    const issuedAt = Math.floor(this.#clock.now() / 1_000);
    const signed = await new SignJWT({ how })
      .setProtectedHeader({ alg: ALGORITHM })
      .setIssuer(ISSUER)
      .setAudience(AUDIENCE)
      .setSubject(name)
      .setJti(randomUUID())
      .setIssuedAt(issuedAt)
      .setExpirationTime(issuedAt + LIFETIME_SECONDS)
      .sign(this.#key);
    return this.#cookie(signed, LIFETIME_SECONDS);
  }

  /** Whose session a Cookie header holds; null: none that is good. */
  async read(cookieHeader: string | undefined): Promise<Operator | null> {
    const claims = await this.#verify(cookieHeader);
    return claims === null || this.#ended.has(claims.jti) ? null : { name: claims.sub, how: claims.how };
  }

  /** Ends the session of a Cookie header; answers the Set-Cookie value that takes the cookie away. */
  async end(cookieHeader: string | undefined): Promise<string> {
    const claims = await this.#verify(cookieHeader);
    if (claims !== null) this.#ended.add(claims.jti);
    for (const oldest of this.#ended) {
      if (this.#ended.size <= MOST_ENDED) break;
      this.#ended.delete(oldest);
    }
    return this.#cookie('', 0);
  }

  #cookie(value: string, maxAge: number): string {
    const secure = this.#isSecure ? '; Secure' : '';
    return `${COOKIE}=${value}; Path=${COOKIE_PATH}; Max-Age=${maxAge}; HttpOnly; SameSite=Strict${secure}`;
  }

  async #verify(cookieHeader: string | undefined): Promise<z.infer<typeof claimsSchema> | null> {
    const signed = readCookie(cookieHeader, COOKIE);
    if (signed === null || signed === '') return null;
    try {
      const { payload } = await jwtVerify(signed, this.#key, {
        algorithms: [ALGORITHM],
        issuer: ISSUER,
        audience: AUDIENCE,
        requiredClaims: ['exp'],
        currentDate: new Date(this.#clock.now()),
      });
      return claimsSchema.safeParse(payload).data ?? null;
    } catch (error) {
      if (error instanceof errors.JOSEError || error instanceof TypeError) return null;
      throw error;
    }
  }
}
