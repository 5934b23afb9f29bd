import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { pseudonyms } from '../../server/log-ids.ts';
import { callOps, OPERATOR_TOKEN } from '../support/ops-server.ts';
import { gather, type TestPlayer } from '../support/player.ts';
import { TestServer } from '../support/taleloom.ts';
import { until } from '../support/wait.ts';

const SECRET = 'canary-session-secret-of-more-than-32-characters';
const METRICS_TOKEN = 'canary-metrics-token';
/** Words that people and the narrator say; none of them may be in a line. */
const CANARY = {
  owner: 'Canarina',
  guest: 'Canariolo',
  title: 'The Canarytitle',
  premise: 'A canarypremise.',
  told: 'The canarynarrated lamp went out. It was cold.',
  written: 'Somebody wrote canarywritten here.',
  talk: 'Let us canarytalk.',
  direction: 'more canarydirection please',
};

const lineSchema = z.looseObject({
  level: z.enum(['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL']),
  time: z.iso.datetime(),
  service: z.literal('taleloom'),
  event: z.string().regex(/^[a-z]+(-[a-z]+)*$/),
  session: z.string().optional(),
  turn: z.string().optional(),
  request: z.string().optional(),
  trace: z
    .string()
    .regex(/^[0-9a-f]{32}$/)
    .optional(),
  player: z
    .string()
    .regex(/^[0-9a-f]{12}$/)
    .optional(),
});

describe('the log of a real run', () => {
  let server: TestServer;
  let players: TestPlayer[] = [];
  const secrets: string[] = [OPERATOR_TOKEN, SECRET, METRICS_TOKEN];
  let turnId = '';

  /** What the server has written so far: its lines, and what it said to the person who started it. */
  const written = () => {
    const all = server.output.split('\n').filter((line) => line !== '');
    return {
      lines: all.filter((line) => line.startsWith('{')),
      said: all.filter((line) => !line.startsWith('{')),
    };
  };
  const events = (of: (line: z.infer<typeof lineSchema>) => boolean) =>
    written()
      .lines.map((line) => lineSchema.parse(JSON.parse(line)))
      .filter(of)
      .map(({ event }) => event);

  beforeAll(async () => {
    const env = { LOG_LEVEL: 'info', OPERATOR_TOKEN, METRICS_TOKEN, SESSION_SECRET: SECRET };
    server = await TestServer.startScripted([CANARY.told], env);
    const { owner: ownerName, guest, title, premise } = CANARY;
    players = await gather(server.url, { ownerName, title, premise }, [{ name: guest }]);
  });

  afterAll(async () => {
    for (const player of players) player.close();
    await server.stop();
  });

  it('Y6: level info has no debug lines; debug has them at once, and info again none', async () => {
    const [ann] = players as [TestPlayer];
    await ann.must('talk:say', { text: CANARY.talk });
    expect(events(({ level }) => level === 'DEBUG')).toEqual([]);
    const setLevel = (level: string) =>
      callOps(server.url, { method: 'PUT', path: '/api/ops/log-level', body: { level } });
    expect((await setLevel('debug')).status).toBe(200);
    await ann.must('talk:say', { text: CANARY.talk });
    await until('debug lines', () => events(({ level }) => level === 'DEBUG').includes('command-answered'));
    expect((await setLevel('info')).status).toBe(200);
    // The answer to this very request is the last that may be told.
    const count = events(({ event }) => event === 'command-answered').length;
    await ann.must('talk:say', { text: CANARY.talk });
    await ann.must('talk:say', { text: CANARY.talk });
    expect(events(({ event }) => event === 'command-answered')).toHaveLength(count);
    await setLevel('debug');
  });

  it('Y6: one turn id finds a whole turn', async () => {
    const [ann, bo] = players as [TestPlayer, TestPlayer];
    await bo.write(CANARY.written);
    turnId = (await ann.must('narrator:ask', { direction: CANARY.direction })).turnId ?? '';
    const wanted = [
      'command-answered',
      'turn-asked',
      'turn-granted',
      'turn-first-token',
      'turn-ended',
      'passage-committed',
    ];
    await until('its lines', () => {
      const found = events(({ turn }) => turn === turnId);
      return wanted.every((event) => found.includes(event));
    });
    const all = written().lines.map((line) => lineSchema.parse(JSON.parse(line)));
    const traces = new Set(all.filter(({ turn }) => turn === turnId).map(({ trace }) => trace));
    expect([...traces]).toEqual([expect.stringMatching(/^[0-9a-f]{32}$/)]);
    expect(all.find(({ event, turn }) => event === 'turn-ended' && turn === turnId)?.player).toBe(
      pseudonyms(SECRET)(ann.id),
    );
  });

  it('Y6: every line is one, and none has a name, a text or a secret', async () => {
    const [ann, bo] = players as [TestPlayer, TestPlayer];
    // What goes wrong is logged too.
    await ann.http('POST', `/api/sessions/${ann.sessionId}/join`, { name: 7, text: CANARY.told });
    await fetch(`${server.url}/api/sessions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: `{"title": ${CANARY.title}`,
    });
    await callOps(server.url, { method: 'GET', path: '/api/ops/flags', token: 'canary-wrong-token' });
    await ann.http('GET', `/api/sessions/${ann.sessionId}/export.md`);
    await (ann as { command(name: string, payload: unknown): Promise<unknown> }).command('no:such', CANARY);
    secrets.push(ann.ticket, bo.ticket, ann.cookie ?? '', bo.cookie ?? '');
    for (const player of players) player.close();
    await server.kill('SIGTERM');

    const { lines, said } = written();
    expect(lines.length).toBeGreaterThan(20);
    for (const line of lines) expect(lineSchema.safeParse(JSON.parse(line)).error, line).toBeUndefined();
    for (const line of said)
      expect(line).toMatch(/^(Opening the|Taleloom is ready|The narrator is|Stopping)/);
    const all = lines.join('\n');
    for (const secret of secrets.filter((each) => each !== '')) expect(all).not.toContain(secret);
    expect(all.toLowerCase()).not.toContain('canary');
    expect(all.toLowerCase()).not.toContain('canari');
    expect(all).not.toContain(ann.id);
    expect(all).not.toContain(bo.id);
  });
});
