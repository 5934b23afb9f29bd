import { SignJWT, UnsecuredJWT } from 'jose';
import { expect, it } from 'vitest';
import type { Clock } from '../sessions/ports.ts';
import { Tickets } from './tickets.ts';

const secret = 's'.repeat(32);
const claims = { sessionId: 's1', playerId: 'p1', role: 'writer' } as const;
let now = 1_790_000_000_500;
const clock: Clock = { now: () => now, after: () => () => undefined };
const tickets = new Tickets(secret, clock);

const signed = (
  payload: Record<string, unknown>,
  more: { alg?: string; audience?: string; key?: string } = {},
) =>
  new SignJWT(payload)
    .setProtectedHeader({ alg: more.alg ?? 'HS256' })
    .setIssuer('taleloom')
    .setAudience(more.audience ?? 'taleloom-session')
    .setExpirationTime(Math.floor(now / 1_000) + 60)
    .sign(new TextEncoder().encode(more.key ?? secret));

it('says again what was signed, for ten minutes', async () => {
  const { ticket, expiresAt } = await tickets.issue(claims);
  expect(expiresAt).toBe(1_790_000_600_000);
  expect(await tickets.verify(ticket)).toEqual(claims);
  now = expiresAt - 1;
  expect(await tickets.verify(ticket)).toEqual(claims);
  now = expiresAt + 1;
  expect(await tickets.verify(ticket)).toBeNull();
});

it('accepts a well-made token, so that the refusals below have one reason each', async () => {
  expect(await tickets.verify(await signed(claims))).toEqual(claims);
});

it.each([
  ['another key', () => signed(claims, { key: 'x'.repeat(32) })],
  ['another algorithm', () => signed(claims, { alg: 'HS512', key: secret.repeat(2) })],
  ['another audience', () => signed(claims, { audience: 'elsewhere' })],
  ['an unknown role', () => signed({ ...claims, role: 'god' })],
  ['no player', () => signed({ sessionId: 's1', role: 'writer' })],
  ['no signature', () => Promise.resolve(new UnsecuredJWT({ ...claims }).setExpirationTime('1h').encode())],
  ['no sense', () => Promise.resolve('a.b.c')],
  ['nothing', () => Promise.resolve('')],
])('refuses a ticket with %s', async (_what, make) => {
  expect(await tickets.verify(await make())).toBeNull();
});

it('refuses a ticket that was changed', async () => {
  const { ticket } = await tickets.issue(claims);
  const [header, , signature] = ticket.split('.');
  const payload = Buffer.from(JSON.stringify({ ...claims, role: 'owner' })).toString('base64url');
  expect(await tickets.verify(`${header}.${payload}.${signature}`)).toBeNull();
});

it('refuses a ticket without an end', async () => {
  const key = new TextEncoder().encode(secret);
  const endless = new SignJWT({ ...claims }).setProtectedHeader({ alg: 'HS256' }).setIssuer('taleloom');
  expect(await tickets.verify(await endless.setAudience('taleloom-session').sign(key))).toBeNull();
});
