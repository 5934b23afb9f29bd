import { afterEach, describe, expect, it } from 'vitest';
import { OperatorDoor } from '../../server/http/operator-guard.ts';
import { statusRouter, type StatusParts } from '../../server/http/status-router.ts';
import type { StatusBoard } from '../../server/status-levels.ts';
import { OPERATOR_TOKEN, OpsServer } from '../support/ops-server.ts';

let server: OpsServer | null = null;

afterEach(async () => {
  await server?.stop();
  server = null;
});

const green = { state: 'green', reasons: [] } as const;
const checks = {
  loaded: true,
  serving: true,
  store: true,
  disk: true,
  audit: true,
  narrator: 'off',
} as const;

async function open(board: StatusBoard): Promise<OpsServer> {
  const door = new OperatorDoor({ token: OPERATOR_TOKEN, sessions: null, hasOidc: false, publicUrl: null });
  // Of the rest nothing is asked here.
  const parts = { board, door, metricsToken: null } as unknown as StatusParts;
  server = await OpsServer.start([['/', statusRouter(parts)]]);
  return server;
}

describe('the condition of the server over HTTP', () => {
  it('Y8: everybody sees the colours, operators the reasons', async () => {
    const answer = {
      version: '1',
      at: 5,
      device: 'cpu',
      requestsPerMinute: 3,
      levels: { basic: green, cognitive: green, integration: { state: 'red', reasons: ['Disk full.'] } },
    } as const;
    const { call } = await opened({ status: () => Promise.resolve(structuredClone(answer)) as never });
    const anybody = await call('GET', '/status', undefined, null);
    expect(anybody.body).toEqual({
      at: 5,
      levels: { basic: { state: 'green' }, cognitive: { state: 'green' }, integration: { state: 'red' } },
    });
    expect((await call('GET', '/status')).body).toEqual(answer);
    expect((await call('GET', '/status', undefined, 'wrong')).body).toEqual(anybody.body);
  });

  it('Y8: not ready is 503 with the checks that fail; alive is alive all the same', async () => {
    let isAuditBroken = false;
    const { call } = await opened({
      ready: () =>
        Promise.resolve(
          isAuditBroken
            ? { ready: false, failing: ['audit'], checks: { ...checks, audit: false } }
            : { ready: true, failing: [], checks },
        ),
    });
    expect(await call('GET', '/ready')).toMatchObject({ status: 200, body: { ready: true, checks } });
    isAuditBroken = true;
    expect(await call('GET', '/ready')).toMatchObject({
      status: 503,
      body: { ready: false, failing: ['audit'], checks: { audit: false, store: true } },
    });
    expect(await call('GET', '/health')).toMatchObject({ status: 200, body: { status: 'ok' } });
  });

  async function opened(of: Partial<StatusBoard>) {
    const never = () => Promise.reject(new Error('not asked here'));
    const ops = await open({ status: never, ready: never, ...of });
    return { call: ops.call.bind(ops) };
  }
});
