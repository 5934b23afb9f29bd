import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PastView } from '../../sessions/history-view.ts';
import type { SightView } from '../../sessions/sight.ts';
import { callOps, OPERATOR_TOKEN } from '../support/ops-server.ts';
import { gather, textOf, TestPlayer } from '../support/player.ts';
import { TestServer } from '../support/taleloom.ts';
import { until } from '../support/wait.ts';

const TOLD = 'The lamp went out, and somebody laughed.';

/** Whether any file of a data folder has these words. */
function holds(folder: string, words: string): boolean {
  return readdirSync(folder, { recursive: true, withFileTypes: true }).some(
    (entry) => entry.isFile() && readFileSync(join(entry.parentPath, entry.name)).includes(words),
  );
}

describe('looking back over HTTP', () => {
  let server: TestServer;
  const all: TestPlayer[] = [];

  beforeAll(async () => {
    server = await TestServer.startScripted([TOLD], { OPERATOR_TOKEN });
  }, 60_000);
  afterAll(async () => {
    for (const player of all) player.close();
    await server.stop();
  });

  async function table() {
    const players = (await gather(server.url, { turnMode: 'free' }, [
      { name: 'Bo' },
      { name: 'Eve', role: 'spectator' },
    ])) as [TestPlayer, TestPlayer, TestPlayer];
    all.push(...players);
    const [ann, bo, eve] = players;
    return { ann, bo, eve, path: `/api/sessions/${ann.sessionId}` };
  }

  async function pastFor(player: TestPlayer, query: string): Promise<PastView> {
    const { status, body } = await player.http(
      'GET',
      `/api/sessions/${player.sessionId}/history/at?${query}`,
    );
    if (status !== 200) throw new Error(`${status} ${JSON.stringify(body)}`);
    return body as PastView;
  }

  /** A passage of the narrator, and which alternative it is. */
  async function tell(player: TestPlayer): Promise<{ passageId: string; alternativeId: string }> {
    const { turnId } = await player.must('narrator:ask', {});
    const passage = await until('the narrator', async () =>
      (await player.story()).find((p) => p.turnId === turnId && p.alternatives[0]?.state === 'complete'),
    );
    await until('the turn is over', () => player.view?.narrator.turns.length === 0);
    return { passageId: passage.id, alternativeId: passage.alternatives[0]!.id };
  }

  it('B2: everybody in the session sees the story as it stood, and what is otherwise now', async () => {
    const { ann, bo, eve } = await table();
    const first = await ann.write('The boat lay there.');
    const { seq, at } = await pastFor(eve, `time=${Date.now()}`);
    expect(at).toBeLessThanOrEqual(Date.now());
    const second = await bo.write('Nobody had left it.');
    await ann.must('passage:strike', { passageId: first });

    const then = await pastFor(eve, `seq=${seq}`);
    expect(then).toMatchObject({ seq, at, branchId: 'main', line: [first], scenes: [] });
    expect(then.changed).toEqual([
      expect.objectContaining({
        id: first,
        state: 'shown',
        isSealed: false,
        spans: [{ author: ann.id, text: 'The boat lay there.' }],
      }),
    ]);
    const now = await pastFor(bo, `time=${Date.now() + 1_000}`);
    expect(now.line).toEqual([first, second]);
    expect(now.changed).toEqual([]);
    const early = await pastFor(bo, 'seq=1');
    expect([early.line, early.changed]).toEqual([[], []]);
  });

  it('B2: what a safety tool took out of sight is not shown in the past either', async () => {
    const { ann, bo, eve } = await table();
    const id = await bo.write('Something that goes too far.');
    const { seq } = await pastFor(ann, `time=${Date.now()}`);
    await eve.must('safety:x-card', { passageId: id });
    await until('out of sight', async () => (await bo.story()).every((p) => textOf(p) === ''));
    for (const player of [ann, bo, eve]) {
      const { changed } = await pastFor(player, `seq=${seq}`);
      expect(changed).toMatchObject([{ id, isSealed: true, spans: [] }]);
    }
  });

  it('B2: is refused to strangers, for moments before the story, and for what cannot be meant', async () => {
    const { ann, path } = await table();
    const stranger = new TestPlayer(server.url);
    const code = async (player: TestPlayer, query: string) => {
      const { status, body } = await player.http('GET', `${path}/history/at${query}`);
      return [status, (body as { code?: string }).code];
    };
    expect(await code(stranger, '?seq=1')).toEqual([403, 'INVITE_NEEDED']);
    expect(await code(ann, '?time=1000')).toEqual([404, 'PAST_UNKNOWN']);
    expect(await code(ann, '?seq=0')).toEqual([404, 'PAST_UNKNOWN']);
    for (const query of ['', '?seq=99999', '?seq=-1', '?seq=1&time=2', '?time=soon', '?seq=1&seq=2'])
      expect(await code(ann, query)).toEqual([422, 'BAD_INPUT']);
  });

  it('E5: everybody opens what the narrator saw, until it is no longer shown', async () => {
    const { ann, bo, eve, path } = await table();
    const written = await bo.write('The keeper counted nine lamps.');
    const { passageId, alternativeId } = await tell(ann);
    const saw = async (player: TestPlayer) => {
      const { status, body } = await player.http(
        'GET',
        `${path}/passages/${passageId}/saw?alternative=${alternativeId}`,
      );
      return { status, sight: body as SightView };
    };
    const { status, sight } = await saw(eve);
    expect(status).toBe(200);
    expect(sight).toMatchObject({ passageId, alternativeId, droppedPassageIds: [] });
    const partOf = (view: SightView) => view.parts.find(({ id }) => id === written);
    expect(partOf(sight)).toMatchObject({ kind: 'passage', isHidden: false });
    expect(partOf(sight)!.text).toContain('nine lamps');
    expect(sight).not.toHaveProperty('memorySources');

    await ann.must('passage:strike', { passageId: written });
    expect(partOf((await saw(bo)).sight)).toMatchObject({ isHidden: true, text: '' });
    expect(partOf((await saw(ann)).sight)!.text).toContain('nine lamps');

    const none = await eve.http('GET', `${path}/passages/${passageId}/saw?alternative=nothere`);
    expect(none.status).toBe(404);
    expect((await eve.http('GET', `${path}/passages/${written}/saw`)).status).toBe(404);
    await ann.must('passage:strike', { passageId });
    expect((await saw(eve)).status).toBe(404);
    expect((await saw(ann)).status).toBe(200);
    const stranger = new TestPlayer(server.url);
    expect((await saw(stranger)).status).toBe(403);
  });

  it('B1, B7: the past is the same after the server was killed and started again', async () => {
    const { ann, bo } = await table();
    const id = await bo.write('Before the storm.');
    const before = await pastFor(ann, `time=${Date.now()}`);
    await bo.write('After it.');
    await server.kill('SIGKILL');
    await server.restart();
    expect(await pastFor(ann, `seq=${before.seq}`)).toEqual(before);
    expect(before.line).toEqual([id]);
  });

  it('G1: the operator removes texts for good, and only the operator', async () => {
    const { ann, bo, path } = await table();
    const secret = 'the name of the drowned keeper';
    const passageId = await bo.write(`Bo wrote ${secret}.`);
    const { seq } = await pastFor(ann, `time=${Date.now()}`);
    const purge = (of: { token?: string | null; body?: unknown; session?: string }) =>
      callOps(server.url, {
        method: 'POST',
        path: `/api/ops/sessions/${of.session ?? ann.sessionId}/purge`,
        body: of.body ?? { passageIds: [passageId] },
        ...(of.token === undefined ? {} : { token: of.token }),
      });
    expect((await purge({ token: null })).status).toBe(401);
    expect((await purge({ body: {} })).status).toBe(422);
    expect((await purge({ session: 'nosuchsession' })).status).toBe(404);
    expect((await purge({ session: 'no%20id' })).status).toBe(404);
    expect((await purge({})).status).toBe(200);
    const then = await pastFor(bo, `seq=${seq}`);
    expect(then.changed).toMatchObject([{ id: passageId, isSealed: true, spans: [] }]);
    expect((await ann.http('GET', `${path}/passages/${passageId}/saw`)).status).toBe(404);
    await until('the file is clean', () => !holds(server.dataDir, secret));
  });
});
