import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gather, textOf, type TestPlayer } from '../support/player.ts';
import { TestServer } from '../support/taleloom.ts';
import { until } from '../support/wait.ts';

const MODEL = join(import.meta.dirname, '../../narrator/models/storyteller-tiny-q8_0.gguf');

interface Panel {
  queue: {
    policy: string;
    waiting: number;
    running: number;
    jain: number;
    spread: number;
    bound: number | null;
    unitsPerSecond: number | null;
    sessions: { tenant: string; session: string; received: number; share: number }[];
  };
}

async function panelOf(server: TestServer): Promise<Panel> {
  return (await (await fetch(`${server.url}/api/ops/status`)).json()) as Panel;
}

describe('the narrator is shared between sessions', () => {
  let server: TestServer;
  const all: TestPlayer[] = [];

  async function session(count = 1): Promise<TestPlayer[]> {
    const names = Array.from({ length: count - 1 }, (_, at) => ({ name: `Player ${at}` }));
    const gathered = await gather(server.url, {}, names);
    all.push(...gathered);
    return gathered;
  }

  beforeAll(async () => {
    server = await TestServer.start({
      NARRATOR: 'on',
      MODEL,
      MODEL_PARALLEL: '1',
      METRICS_TOKEN: '',
      PLAYER_TOKENS_PER_HOUR: '0',
      SESSION_TOKENS_PER_HOUR: '0',
    });
    await until('the narrator', async () => {
      const status = (await (await fetch(`${server.url}/api/status`)).json()) as {
        narrator: { status: string };
      };
      return status.narrator.status === 'ready';
    });
  });
  afterAll(async () => {
    for (const player of all) player.close();
    await server.stop();
  });

  it('Q1: with one permit, three busy sessions all get their passages, and operators see how it was shared', async () => {
    const sessions = [await session(3), await session(), await session()];
    const asked = sessions.flatMap((players) =>
      players.map(async (player, at) => {
        const { turnId } = await player.must('narrator:ask', { direction: `a fox number ${at}` });
        await until('its end', () => !player.view!.narrator.turns.some((turn) => turn.turnId === turnId));
      }),
    );
    await Promise.all(asked);
    for (const [first] of sessions) {
      const story = await first!.story();
      expect(story.length).toBe(sessions.find((players) => players[0] === first)!.length);
    }
    const { queue } = await panelOf(server);
    expect(queue).toMatchObject({ policy: 'fair', waiting: 0, running: 0, bound: 774 });
    expect(queue.spread).toBeLessThanOrEqual(774);
    expect(queue.jain).toBeGreaterThan(0.9);
    expect(queue.unitsPerSecond).toBeGreaterThan(0);
    expect(queue.sessions.length).toBe(3);
    const shown = JSON.stringify(queue);
    for (const [first] of sessions) expect(shown).not.toContain(first!.sessionId);
    const metrics = await (await fetch(`${server.url}/metrics`)).text();
    expect(metrics).toMatch(/llm_service_fairness_jain_ratio (1|0\.9)/);
    expect(metrics).toMatch(/llm_prefix_cache_query_tokens_total\{model="[^"]+"\} [1-9]/);
    expect(metrics).toMatch(/llm_step_seconds_count\{model="[^"]+"\} [1-9]/);
  });

  it('S0.13: the second turn of a session goes on from what the engine has of the first', async () => {
    const [ann] = (await session()) as [TestPlayer];
    const hits = async () => {
      const text = await (await fetch(`${server.url}/metrics`)).text();
      const of = (name: string) => Number(new RegExp(`${name}\\{[^}]*\\} (\\S+)`).exec(text)?.[1] ?? 0);
      return {
        query: of('llm_prefix_cache_query_tokens_total'),
        hit: of('llm_prefix_cache_hit_tokens_total'),
      };
    };
    const ask = async () => {
      const { turnId } = await ann.must('narrator:ask', { maxTokens: 60 });
      await until('its end', () => !ann.view!.narrator.turns.some((turn) => turn.turnId === turnId));
    };
    await ask();
    const before = await hits();
    await ask();
    const after = await hits();
    expect(after.query).toBeGreaterThan(before.query);
    expect((after.hit - before.hit) / (after.query - before.query)).toBeGreaterThan(0.5);
  });

  it('N6, N13: after kill -9 of the server the waiting turn is written once, the other keeps what people saw', async () => {
    const [ann, bo] = (await session(2)) as [TestPlayer, TestPlayer];
    const turns = () => ann.view!.narrator.turns;
    const running = await ann.must('narrator:ask', { maxTokens: 600 });
    const waiting = await bo.must('narrator:ask', { maxTokens: 60 });
    const seen = await until('its first sentence', async () =>
      (await ann.story()).map(textOf).find((text) => text !== ''),
    );
    await server.kill();
    await server.restart();
    await until('both turns are over', () => turns().length === 0);
    const written = (await ann.story()).filter((passage) => passage.kind === 'narrator');
    const of = (turn: Record<string, string>) => written.filter((passage) => passage.turnId === turn.turnId);
    expect(of(running).length).toBe(1);
    expect(textOf(of(running)[0]!).startsWith(seen)).toBe(true);
    expect(of(waiting).length).toBe(1);
    expect(written.length).toBe(2);
  });

  it('C12: the status for operators is for this machine only, and not through a proxy', async () => {
    const proxied = await fetch(`${server.url}/api/ops/status`, {
      headers: { 'x-forwarded-for': '127.0.0.1' },
    });
    expect(proxied.status).toBe(403);
  });
});
