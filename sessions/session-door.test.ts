import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SessionsFixture, type Made } from '../test/support/sessions-fixture.ts';
import { LIMITS } from './limits.ts';
import { hashSecret } from './secrets.ts';
import type { Session } from './session.ts';

let table: SessionsFixture;
let made: Made;
let session: Session;
const HOUR = 3_600_000;

beforeEach(async () => {
  table = SessionsFixture.inMemory();
  made = await table.create();
  session = made.session;
});
afterEach(() => table.close());

const inviteOf = (role: string) => made.answer.invites.find((invite) => invite.role === role)!.secret;
const owner = () => session.kernel.state.players[made.ownerId]!;
function enter(browser: string, name: string | null, invite: string | null) {
  return table.durable(
    session.door.join({
      identityHash: hashSecret(browser),
      name,
      inviteHash: invite === null ? null : hashSecret(invite),
    }),
  );
}

describe('the door of a session', () => {
  it('R1: the creator owns the session and gets one invite for each role; secrets are only stored hashed', async () => {
    expect(owner()).toMatchObject({ role: 'owner', name: 'Olga' });
    expect(made.answer.invites.map((invite) => invite.role)).toEqual(['gm', 'writer', 'spectator']);
    expect(made.answer.invites[0]!.expiresAt).toBe(session.kernel.state.createdAt + 7 * 24 * HOUR);
    const stored = JSON.stringify(await table.inner.load(session.id), (_key, value: unknown) =>
      value instanceof Uint8Array ? new TextDecoder().decode(value) : value,
    );
    const secrets = [made.answer.recoverySecret, ...made.answer.invites.map((invite) => invite.secret)];
    expect(new Set(secrets).size).toBe(4);
    for (const secret of secrets) {
      expect(secret).toMatch(/^[0-9a-f]{32}$/);
      expect(stored).not.toContain(secret);
      expect(stored).toContain(hashSecret(secret));
    }
  });

  it('R2: a newcomer needs an invite and a free name, and comes back as the same player without either', async () => {
    expect(await enter('b1', 'Ann', null)).toMatchObject({ code: 'INVITE_NEEDED' });
    expect(await enter('b1', 'Ann', '0'.repeat(32))).toMatchObject({ code: 'INVITE_INVALID' });
    expect(await enter('b1', null, inviteOf('writer'))).toMatchObject({ code: 'NAME_NEEDED' });
    expect(await enter('b1', 'oLGA', inviteOf('writer'))).toMatchObject({ code: 'NAME_TAKEN' });
    const first = await enter('b1', 'Ann', inviteOf('writer'));
    expect(first).toMatchObject({ ok: true, role: 'writer' });
    expect(await enter('b1', 'Other', inviteOf('gm'))).toEqual(first);
    expect(await enter('b1', null, null)).toEqual(first);
    expect(Object.keys(session.kernel.state.players)).toHaveLength(2);
  });

  it('R2: a removed player stays out, whatever invite they hold', async () => {
    const ann = await table.join(made, 'writer', 'Ann');
    await table.must(session, made.ownerId, 'player:remove', { playerId: ann });
    expect(await enter('browser-Ann', 'Ann', inviteOf('writer'))).toMatchObject({ code: 'PLAYER_REMOVED' });
    expect(await enter('b9', 'Ann', inviteOf('writer'))).toMatchObject({ ok: true });
  });

  it('R3: an expired or revoked invite lets nobody in, and those who came through it stay', async () => {
    const ann = await table.join(made, 'writer', 'Ann');
    const answer = await table.durable(session.door.createInvite(owner(), 'writer', 2));
    if (!answer.ok) throw new Error(answer.code);
    const { invite, secret } = answer;
    expect(await enter('b2', 'Ben', secret)).toMatchObject({ ok: true });
    await table.durable(session.door.revokeInvite(owner(), invite.id));
    expect(await enter('b3', 'Cat', secret)).toMatchObject({ code: 'INVITE_REVOKED' });
    expect(await enter('b2', null, secret)).toMatchObject({ ok: true });
    expect(session.door.invites(owner())).toMatchObject([
      { id: invite.id, isRevoked: true, uses: 1 },
      {},
      {},
      {},
    ]);
    table.clock.advance(7 * 24 * HOUR);
    session = await table.sessions.open(session.id);
    expect(await enter('b3', 'Cat', inviteOf('writer'))).toMatchObject({ code: 'INVITE_EXPIRED' });
    expect(session.kernel.state.players[ann]?.isGone).toBe(false);
  });

  it('R3, L6: the limit counts invites that still work, so that revoking makes room', async () => {
    const create = () => table.durable(session.door.createInvite(owner(), 'writer', 1));
    let last = await create();
    for (let count = 4; count < LIMITS.invites; count += 1) last = await create();
    expect(await create()).toMatchObject({ code: 'INVITES_FULL' });
    if (!last.ok) throw new Error(last.code);
    await table.durable(session.door.revokeInvite(owner(), last.invite.id));
    expect(await create()).toMatchObject({ ok: true });
    expect(await create()).toMatchObject({ code: 'INVITES_FULL' });
  });

  it('R4: the recovery secret moves the owner to another browser, once, and is replaced', async () => {
    const { recoverySecret } = made.answer;
    const wrong = await table.durable(session.door.recover(hashSecret('b5'), '0'.repeat(32)));
    expect(wrong.member).toMatchObject({ code: 'RECOVERY_INVALID' });
    const moved = await table.durable(session.door.recover(hashSecret('b5'), recoverySecret));
    expect(moved.member).toEqual({ ok: true, playerId: made.ownerId, role: 'owner' });
    expect(await enter('b5', null, null)).toMatchObject({ playerId: made.ownerId });
    expect(await enter('browser-Olga', null, null)).toMatchObject({ code: 'INVITE_NEEDED' });
    const again = await table.durable(session.door.recover(hashSecret('b6'), recoverySecret));
    expect(again.member).toMatchObject({ code: 'RECOVERY_INVALID' });
    const next = await table.durable(session.door.recover(hashSecret('b6'), moved.recoverySecret));
    expect(next.member).toMatchObject({ ok: true });
  });

  it('R4: a browser that is another player of the session cannot take the owner', async () => {
    await table.join(made, 'writer', 'Ann');
    const taken = await table.durable(
      session.door.recover(hashSecret('browser-Ann'), made.answer.recoverySecret),
    );
    expect(taken.member).toMatchObject({ code: 'RECOVERY_INVALID' });
  });

  it('R5: invites are made, listed and revoked by game masters alone', async () => {
    const ann = await table.join(made, 'writer', 'Ann');
    const writer = session.kernel.state.players[ann]!;
    expect(await session.door.createInvite(writer, 'writer', 1)).toMatchObject({ code: 'ROLE_FORBIDS' });
    expect(await session.door.revokeInvite(writer, 'x')).toMatchObject({ code: 'ROLE_FORBIDS' });
    expect(session.door.invites(writer)).toMatchObject({ code: 'ROLE_FORBIDS' });
    expect(await session.door.revokeInvite(owner(), 'constructor')).toMatchObject({ code: 'INVITE_INVALID' });
  });

  it('R8: colours are shared evenly', async () => {
    for (let index = 0; index < 23; index += 1) await table.join(made, 'writer', `P${index}`);
    const colours = Object.values(session.kernel.state.players).map((player) => player.colour);
    for (let colour = 0; colour < 12; colour += 1)
      expect(colours.filter((other) => other === colour)).toHaveLength(2);
  });

  it('L3: the 201st player is refused', async () => {
    const players = Object.fromEntries(
      Array.from({ length: LIMITS.players - 1 }, (_, index) => [
        `p${index}`,
        {
          ...owner(),
          id: `p${index}`,
          role: 'writer' as const,
          identityHash: `i${index}`,
          name: `N${index}`,
        },
      ]),
    );
    for (const player of Object.values(players))
      session.kernel.record({ type: 'player-joined', player, inviteId: null }, null);
    expect(await enter('late', 'Late', inviteOf('writer'))).toMatchObject({ code: 'SESSION_FULL' });
  });
});
