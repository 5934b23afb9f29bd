import { setImmediate } from 'node:timers/promises';
import { json, raw, Router, type Request, type Response } from 'express';
import { z } from 'zod';
import { importArchive, parseArchive } from '../../sessions/archive.ts';
import type { Random } from '../../sessions/ids.ts';
import { LIMITS } from '../../sessions/limits.ts';
import { newSession } from '../../sessions/new-session.ts';
import type { Moderator } from '../../sessions/moderator.ts';
import type { Clock } from '../../sessions/ports.ts';
import {
  createInviteSchema,
  createSessionSchema,
  joinSchema,
  nameSchema,
  recoverSchema,
  type JoinAnswer,
} from '../../sessions/protocol.ts';
import { screenArchive, screenNewSession } from '../../sessions/screen-new.ts';
import { hashSecret } from '../../sessions/secrets.ts';
import type { MemberAnswer } from '../../sessions/session-door.ts';
import type { Session } from '../../sessions/session.ts';
import type { Sessions } from '../../sessions/sessions.ts';
import type { Tickets } from '../tickets.ts';
import { sendRefusal } from './app.ts';
import { parseBoundedJson } from './bounded-json.ts';
import { ensureIdentity, identityOf, ownOriginOnly, rateLimit } from './identity-guard.ts';
import { memberOf, sessionOf } from './member.ts';
import { parseBody } from './parse-body.ts';

export interface SessionsRouterParts {
  sessions: Sessions;
  moderator: Moderator;
  tickets: Tickets;
  clock: Clock;
  random: Random;
  options: {
    publicUrl: string | null;
    isHttps: boolean;
    sessionsPerMinute: number;
    joinsPerMinute: number;
  };
}

/** More than any archive within the limits has: most are the spans. */
const ARCHIVE_BOUNDS = { values: 700_000, depth: 16 };
const lookSchema = z.object({ invite: joinSchema.shape.invite });
const importSchema = z.object({ archive: z.unknown(), ownerName: nameSchema });

/** `/api/sessions`: create, import, look, join, recover, invites. */
export class SessionsRouter {
  readonly router = Router();
  private readonly parts: SessionsRouterParts;

  constructor(parts: SessionsRouterParts) {
    this.parts = parts;
    const { options } = parts;
    const small = json({ limit: 64 * 1024 });
    const creating = rateLimit(options.sessionsPerMinute);
    const joining = rateLimit(options.joinsPerMinute);
    const { router } = this;
    router.use(ownOriginOnly(options.publicUrl));
    router.post('/', creating, small, (q, r) => this.create(q, r));
    const large = raw({ type: 'application/json', limit: LIMITS.archiveBytes });
    router.post('/import', creating, large, (q, r) => this.import(q, r));
    router.post('/:id/look', joining, small, (q, r) => this.look(q, r));
    router.post('/:id/join', joining, small, (q, r) => this.join(q, r));
    router.post('/:id/recover', joining, small, (q, r) => this.recover(q, r));
    router.get('/:id/invites', (q, r) => this.invites(q, r));
    router.post('/:id/invites', small, (q, r) => this.createInvite(q, r));
    router.delete('/:id/invites/:inviteId', (q, r) => this.revokeInvite(q, r));
  }

  private identify(request: Request, response: Response): string {
    const { random, options } = this.parts;
    return ensureIdentity(request, response, { random, isHttps: options.isHttps });
  }

  private async create(request: Request, response: Response): Promise<void> {
    const { sessions, moderator, clock, random } = this.parts;
    const input = await screenNewSession(moderator, parseBody(createSessionSchema, request.body));
    if ('ok' in input) return sendRefusal(response, input);
    const identityHash = this.identify(request, response);
    const made = newSession(input, {
      sessionId: sessions.newSessionId(),
      identityHash,
      now: clock.now(),
      random,
    });
    await sessions.create(made.state, null);
    response.status(201).json(made.answer);
  }

  private async import(request: Request, response: Response): Promise<void> {
    const body: unknown = Buffer.isBuffer(request.body) ? parseBoundedJson(request.body, ARCHIVE_BOUNDS) : {};
    const input = parseBody(importSchema, body);
    const { sessions, moderator, clock, random } = this.parts;
    const now = clock.now();
    const screening = { now, random, breathe: () => setImmediate() };
    const { archive, holds } = await screenArchive(moderator, parseArchive(input.archive), screening);
    const form = { ...archive.session, cast: [], ownerName: input.ownerName };
    const screened = await screenNewSession(moderator, form);
    if ('ok' in screened) return sendRefusal(response, screened);
    const { title, premise, ownerName } = screened;
    const fit = { ...archive, session: { ...archive.session, title, premise } };
    const identityHash = this.identify(request, response);
    const sessionId = sessions.newSessionId();
    const { state, story, answer } = importArchive(fit, { sessionId, identityHash, ownerName, now, random });
    await sessions.create({ ...state, safety: { ...state.safety, holds } }, story);
    response.status(201).json(answer);
  }

  private async look(request: Request, response: Response): Promise<void> {
    const { invite: secret } = parseBody(lookSchema, request.body);
    const session = await sessionOf(request, this.parts.sessions);
    const { player, invite } = session.door.look(
      identityOf(request) ?? '',
      secret == null ? null : hashSecret(secret),
    );
    if (player === null && invite !== null && typeof invite !== 'string')
      return sendRefusal(response, invite);
    const isWelcome = player !== null || invite !== null;
    response.json({
      title: isWelcome ? session.kernel.state.settings.title : null,
      you: player === null ? null : { playerId: player.id, name: player.name, role: player.role },
      invite: typeof invite === 'string' ? { role: invite } : null,
    });
  }

  private async join(request: Request, response: Response): Promise<void> {
    const { name, invite } = parseBody(joinSchema, request.body);
    const session = await sessionOf(request, this.parts.sessions);
    const identityHash = this.identify(request, response);
    const inviteHash = invite == null ? null : hashSecret(invite);
    const member = await session.door.join({ identityHash, name: name ?? null, inviteHash });
    await this.answerMember(response, session, { member });
  }

  private async recover(request: Request, response: Response): Promise<void> {
    const { secret } = parseBody(recoverSchema, request.body);
    const session = await sessionOf(request, this.parts.sessions);
    const { member, recoverySecret } = await session.door.recover(this.identify(request, response), secret);
    await this.answerMember(response, session, { member, recoverySecret });
  }

  private async answerMember(
    response: Response,
    session: Session,
    of: { member: MemberAnswer; recoverySecret?: string },
  ): Promise<void> {
    const { member } = of;
    if (!member.ok) return sendRefusal(response, member);
    const { playerId, role } = member;
    const { ticket, expiresAt } = await this.parts.tickets.issue({ sessionId: session.id, playerId, role });
    const answer: JoinAnswer = { playerId, role, ticket, ticketExpiresAt: expiresAt };
    response.set('Cache-Control', 'no-store');
    response.json(
      of.recoverySecret === undefined ? answer : { ...answer, recoverySecret: of.recoverySecret },
    );
  }

  private async invites(request: Request, response: Response): Promise<void> {
    const { session, player } = await memberOf(request, this.parts.sessions);
    const invites = session.door.invites(player);
    if ('ok' in invites) return sendRefusal(response, invites);
    response.json({ invites });
  }

  private async createInvite(request: Request, response: Response): Promise<void> {
    const { session, player } = await memberOf(request, this.parts.sessions);
    const { role, expiresInHours } = parseBody(createInviteSchema, request.body);
    const made = await session.door.createInvite(player, role, expiresInHours);
    if (!made.ok) return sendRefusal(response, made);
    response.status(201).json({ invite: made.invite, secret: made.secret });
  }

  private async revokeInvite(request: Request, response: Response): Promise<void> {
    const { session, player } = await memberOf(request, this.parts.sessions);
    const revoked = await session.door.revokeInvite(player, String(request.params.inviteId));
    if (!revoked.ok) return sendRefusal(response, revoked);
    response.json({});
  }
}
