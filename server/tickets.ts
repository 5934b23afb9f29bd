import { errors, jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';
import type { Clock } from '../sessions/ports.ts';
import { roleSchema } from '../sessions/protocol.ts';

const LIFETIME_MS = 10 * 60 * 1_000;
const ISSUER = 'taleloom';
const AUDIENCE = 'taleloom-session';
const ALGORITHM = 'HS256';

const id = z.string().min(1).max(64);
const claimsSchema = z.object({ sessionId: id, playerId: id, role: roleSchema });

/** What a ticket says: who may enter which session as what. */
export type TicketClaims = z.infer<typeof claimsSchema>;

/** Signs and checks the passes to both sockets. A ticket opens sockets; it does not keep them open. */
export class Tickets {
  private readonly key: Uint8Array;
  private readonly clock: Clock;

  /** `secret`: at least 32 characters; all tickets die with it. */
  constructor(secret: string, clock: Clock) {
    this.key = new TextEncoder().encode(secret);
    this.clock = clock;
  }

  /** A ticket for ten minutes; `expiresAt` in epoch ms. */
  async issue(claims: TicketClaims): Promise<{ ticket: string; expiresAt: number }> {
    const issuedAt = Math.floor(this.clock.now() / 1_000);
    const expires = issuedAt + LIFETIME_MS / 1_000;
    const ticket = await new SignJWT({ ...claims })
      .setProtectedHeader({ alg: ALGORITHM })
      .setIssuer(ISSUER)
      .setAudience(AUDIENCE)
      .setIssuedAt(issuedAt)
      .setExpirationTime(expires)
      .sign(this.key);
    return { ticket, expiresAt: expires * 1_000 };
  }

  /** What the ticket says; null: expired, forged, for something else, or no ticket at all. Never throws. */
  async verify(ticket: string): Promise<TicketClaims | null> {
    try {
      const { payload } = await jwtVerify(ticket, this.key, {
        algorithms: [ALGORITHM],
        issuer: ISSUER,
        audience: AUDIENCE,
        requiredClaims: ['exp'],
        currentDate: new Date(this.clock.now()),
      });
      return claimsSchema.safeParse(payload).data ?? null;
    } catch (error) {
      if (error instanceof errors.JOSEError || error instanceof TypeError) return null;
      throw error;
    }
  }
}
