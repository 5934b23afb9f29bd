import { afterAll, beforeAll, expect, it } from 'vitest';
import { OPERATOR_TOKEN, OpsServer } from '../../test/support/ops-server.ts';
import { BOARDS } from '../../sessions/ops-view.ts';
import { boardSelections } from '../observability/boards.ts';
import { boardData } from '../observability/boards-data.ts';
import { MetricHistory } from '../observability/history.ts';
import { operatorTokenOnly } from './operator-guard.ts';
import { opsBoardsRouter } from './ops-boards-router.ts';

let server: OpsServer;
beforeAll(async () => {
  const history = new MetricHistory(boardSelections());
  const router = opsBoardsRouter({
    guard: operatorTokenOnly(OPERATOR_TOKEN),
    board: (id, minutes) => boardData(id, minutes, { history, at: 1_000_000, reports: [] }),
    objectives: () => [],
    agreements: () => [],
  });
  server = await OpsServer.start([['/api/ops', router]]);
});
afterAll(() => server.stop());

it('Y3: answers the boards over an hour, or as many minutes as are asked for', async () => {
  for (const id of BOARDS) {
    const { status, body } = await server.call('GET', `/api/ops/boards/${id}`);
    expect([status, body]).toMatchObject([200, { id, stepMs: 30_000 }]);
  }
  const { body } = await server.call('GET', '/api/ops/boards/debug?minutes=2880');
  expect(body).toMatchObject({ stepMs: 24 * 60_000 });
  expect(await server.call('GET', '/api/ops/slo')).toMatchObject({ status: 200, body: [] });
  expect(await server.call('GET', '/api/ops/sla')).toMatchObject({ status: 200, body: [] });
});

it.each(['4', '2881', '1e3', '-5', '', '60&minutes=70'])('Y3: refuses %s minutes', async (minutes) => {
  const { status, body } = await server.call('GET', `/api/ops/boards/debug?minutes=${minutes}`);
  expect([status, body]).toMatchObject([422, { code: 'BAD_INPUT' }]);
});

it('Y3: there are no other boards', async () => {
  const { status } = await server.call('GET', '/api/ops/boards/constructor');
  expect(status).toBe(404);
});

it('Y5: lets only operators through', async () => {
  for (const path of ['boards/debug', 'slo', 'sla']) {
    const { status, body } = await server.call('GET', `/api/ops/${path}`, undefined, null);
    expect([status, body]).toMatchObject([401, { code: 'OPERATOR_ONLY' }]);
  }
});
