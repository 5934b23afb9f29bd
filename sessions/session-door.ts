import {
  decideJoin,
  decideRecovery,
  newInvite,
  usableInvite,
  type JoinRequest,
} from './commands/membership.ts';
import { refuse, type Refusal } from './errors.ts';
import { newSecret } from './ids.ts';
import type { SessionKernel } from './kernel.ts';
import { LIMITS } from './limits.ts';
import type { InvitedRole, InviteView, Role } from './protocol.ts';
import { isMaster } from './roles.ts';
import { hashSecret } from './secrets.ts';
import type { TextScreen } from './text-screen.ts';
import { entryOf, playerOfIdentity, type Player } from './state.ts';

/** Answer to join and recover, once durable. */
export type MemberAnswer = { ok: true; playerId: string; role: Role } | Refusal;

const HOUR_MS = 3_600_000;

/** The door of a session: who comes in, under which name and role, and the invite links that open it. */
export class SessionDoor {
  private readonly kernel: SessionKernel;
  private readonly screen: TextScreen;
  private readonly isReadOnly: () => boolean;

  constructor(kernel: SessionKernel, screen: TextScreen, isReadOnly: () => boolean) {
    this.kernel = kernel;
    this.screen = screen;
    this.isReadOnly = isReadOnly;
  }

  /** What somebody with this identity, and maybe an invite, would find here. */
  look(
    identityHash: string,
    inviteHash: string | null,
  ): { player: Player | null; invite: InvitedRole | Refusal | null } {
    const known = playerOfIdentity(this.kernel.state, identityHash);
    // No invite helps somebody who was removed; they are told before they ask for one.
    if (known?.isGone === true) return { player: null, invite: refuse('PLAYER_REMOVED') };
    const invite =
      inviteHash === null ? null : usableInvite(this.kernel.state, inviteHash, this.kernel.clock.now());
    return {
      player: known,
      invite: invite === null || 'ok' in invite ? invite : invite.role,
    };
  }

  /** R2: brings a browser in, as the player it was or as a new one by invite. */
  async join(request: JoinRequest): Promise<MemberAnswer> {
    const unfit = await this.unfitName(request);
    if (unfit !== null) return unfit;
    const of = { now: this.kernel.clock.now(), playerId: this.kernel.newId() };
    return this.admit(decideJoin(this.kernel.state, request, of));
  }

  /** H7: a newcomer's name is judged before anybody sees it. */
  private async unfitName({ name, identityHash }: JoinRequest): Promise<Refusal | null> {
    if (name === null || playerOfIdentity(this.kernel.state, identityHash) !== null) return null;
    const { action, reason } = await this.screen.screen({ text: name, channel: 'name', author: '' });
    return action === 'allow' || action === 'warn' ? null : refuse('TEXT_REFUSED', reason);
  }

  /** R4: moves a player to this browser; the answer carries the next recovery secret. */
  async recover(
    identityHash: string,
    secret: string,
  ): Promise<{ member: MemberAnswer; recoverySecret: string }> {
    const recoverySecret = newSecret(this.kernel.random);
    const decision = decideRecovery(this.kernel.state, {
      identityHash,
      recoveryHash: hashSecret(secret),
      nextRecoveryHash: hashSecret(recoverySecret),
    });
    return { member: await this.admit(decision), recoverySecret };
  }

  private async admit(decision: ReturnType<typeof decideJoin>): Promise<MemberAnswer> {
    if (!decision.ok) return decision;
    if (this.isReadOnly() && decision.events.length > 0) return refuse('STORAGE_UNAVAILABLE');
    for (const event of decision.events) this.kernel.record(event, decision.playerId);
    return this.kernel.journal.durable({
      ok: true as const,
      playerId: decision.playerId,
      role: decision.role,
    });
  }

  /** Makes an invite link; its secret is told only now. */
  async createInvite(
    by: Player,
    role: InvitedRole,
    expiresInHours: number,
  ): Promise<{ ok: true; invite: InviteView; secret: string } | Refusal> {
    const refusal = this.mayInvite(by);
    if (refusal !== null) return refusal;
    const now = this.kernel.clock.now();
    const working = Object.values(this.kernel.state.invites).filter(
      (invite) => !invite.isRevoked && invite.expiresAt > now,
    );
    const all = Object.keys(this.kernel.state.invites).length;
    if (working.length >= LIMITS.invites || all >= LIMITS.invitesEver) return refuse('INVITES_FULL');
    const secret = newSecret(this.kernel.random);
    const createdAt = this.kernel.clock.now();
    const expiresAt = createdAt + expiresInHours * HOUR_MS;
    const invite = newInvite({
      id: this.kernel.newId(),
      role,
      secretHash: hashSecret(secret),
      createdAt,
      expiresAt,
    });
    this.kernel.record({ type: 'invite-created', invite }, by.id);
    const { secretHash: _hidden, ...view } = invite;
    return this.kernel.journal.durable({ ok: true as const, invite: view, secret });
  }

  /** R3: makes an invite link useless; players who came through it stay. */
  async revokeInvite(by: Player, inviteId: string): Promise<{ ok: true } | Refusal> {
    const refusal = this.mayInvite(by);
    if (refusal !== null) return refusal;
    if (entryOf(this.kernel.state.invites, inviteId) === undefined) return refuse('INVITE_INVALID');
    this.kernel.record({ type: 'invite-revoked', inviteId }, by.id);
    return this.kernel.journal.durable({ ok: true as const });
  }

  private mayInvite(by: Player): Refusal | null {
    if (!isMaster(by.role)) return refuse('ROLE_FORBIDS');
    return this.isReadOnly() ? refuse('STORAGE_UNAVAILABLE') : null;
  }

  /** All invites, newest first, without their secrets. */
  invites(by: Player): InviteView[] | Refusal {
    if (!isMaster(by.role)) return refuse('ROLE_FORBIDS');
    return Object.values(this.kernel.state.invites)
      .map(({ secretHash: _hidden, ...view }) => view)
      .sort((a, b) => b.createdAt - a.createdAt);
  }
}
