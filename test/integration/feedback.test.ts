import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { feedbackStatsRouter } from '../../server/http/feedback-router.ts';
import { openDatabase } from '../../server/store/database.ts';
import { SqlFeedbackStore } from '../../server/store/sql-feedback-store.ts';
import { OpsServer, OPERATOR_TOKEN } from '../support/ops-server.ts';
import { gather, type TestPlayer } from '../support/player.ts';
import { TestServer } from '../support/taleloom.ts';
import { until } from '../support/wait.ts';
import { operatorTokenOnly } from '../../server/http/operator-guard.ts';

const TEXT = 'The lamp went out, and the stairs went on down into the dark.';

describe('what readers think of passages, over real sockets', () => {
  let server: TestServer;
  let players: TestPlayer[] = [];
  afterEach(async () => {
    for (const player of players.splice(0)) player.close();
    await server.stop();
  });

  async function atTheTable() {
    server = await TestServer.startScripted([TEXT], { OPERATOR_TOKEN });
    players = await gather(server.url, {}, [{ name: 'Bo' }, { name: 'Cy', role: 'spectator' }]);
    const [owner, writer, spectator] = players as [TestPlayer, TestPlayer, TestPlayer];
    const written = await owner.write('Mara stood at the top of the stairs.');
    await until('the narrator', () => owner.view?.narrator.status === 'ready');
    await owner.must('narrator:ask', {});
    const passage = await until('a passage of the narrator', async () =>
      (await owner.story()).find(({ kind, alternatives }) => kind === 'narrator' && alternatives.length > 0),
    );
    await until('its end', () => owner.view?.narrator.turns.length === 0);
    return { owner, writer, spectator, written, passage };
  }
  const path = (player: TestPlayer) => `/api/sessions/${player.sessionId}/feedback`;

  it('F1 F2 F3: one opinion for each reader, kept over a restart, counted by version, told to the game master', async () => {
    const { owner, writer, spectator, written, passage } = await atTheTable();
    const about = { passageId: passage.id, alternativeId: passage.alternatives[0]!.id };
    const say = (player: TestPlayer, body: Record<string, unknown>) =>
      player.http('POST', path(player), { ...about, ...body });

    expect((await say(writer, { type: 'positive', rating: 5 })).status).toBe(200);
    expect((await say(writer, { type: 'broke_story', rating: 2, comment: 'Who is Mara?' })).status).toBe(200);
    expect((await say(spectator, { type: 'positive', rating: 4 })).status).toBe(200);
    for (const rating of [6, 0, 3.5])
      expect((await say(owner, { type: 'neutral', rating })).body).toMatchObject({ code: 'BAD_INPUT' });
    const own = { passageId: written, alternativeId: written, type: 'positive' };
    expect((await owner.http('POST', path(owner), own)).body).toMatchObject({ code: 'PASSAGE_UNKNOWN' });

    const report = await until('a report', () =>
      owner.desk?.review?.reports.find(({ about: { id } }) => id === passage.id),
    );
    expect(report.text).toContain('Who is Mara?');
    const asked = async (player: TestPlayer) => (await player.http('GET', path(player))).body;
    const kept = { feedback: [{ ...about, type: 'broke_story', rating: 2, comment: 'Who is Mara?' }] };
    expect(await asked(writer)).toMatchObject(kept);

    await server.kill();
    await server.restart();
    expect(await asked(writer)).toMatchObject(kept);
    expect(await asked(owner)).toEqual({ feedback: [] });

    await server.kill('SIGTERM');
    const database = await openDatabase({
      file: join(server.dataDir, 'taleloom.sqlite'),
      durability: 'process',
    });
    const store = new SqlFeedbackStore(database);
    const clock = { now: () => Date.now() };
    const ops = await OpsServer.start([
      ['/api/ops', feedbackStatsRouter({ store, clock, guard: operatorTokenOnly(OPERATOR_TOKEN) })],
    ]);
    const { body } = await ops.call('GET', '/api/ops/feedback/stats?window=7d&by=version');
    expect(body).toMatchObject({
      count: 2,
      comments: 1,
      meanRating: 3,
      byType: { positive: { count: 1 }, broke_story: { count: 1, meanRating: 2 } },
      satisfaction: { ratings: 2, status: 'insufficient' },
      versions: [{ version: expect.stringContaining('@') as string, count: 2 }],
    });
    await ops.stop();
    await database.close();
  });
});
