import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { labelSets, type Definition } from '../../server/metric-definition.ts';
import { CATALOGUE } from '../../server/metrics.ts';
import { ALERTS } from '../../server/observability/alerts.ts';
import { BURN_RECORDS } from '../../server/observability/alerts-burn.ts';
import { TestPlayer } from '../support/player.ts';
import { findProgram, skipUnless } from '../support/programs.ts';
import { TestServer } from '../support/taleloom.ts';
import { until } from '../support/wait.ts';

const definitions: Definition[] = Object.values(CATALOGUE);
const PLAIN = 'text/plain;version=0.0.4';

async function scraped(server: TestServer, accept = '*/*'): Promise<string> {
  const response = await fetch(`${server.url}/metrics`, { headers: { accept } });
  expect(response.status).toBe(200);
  return response.text();
}

const samples = (text: string) => text.split('\n').filter((line) => /^[a-zA-Z_]/.test(line));
const nameOf = (line: string) => /^[a-zA-Z_:][\w:]*/.exec(line)?.[0] ?? '';

/** Makes sessions; nobody connects to them. */
async function createSessions(server: TestServer, count: number): Promise<void> {
  const player = new TestPlayer(server.url);
  for (let at = 0; at < count; at += 1) await player.create({ title: `Story ${at}` });
}

describe('metrics of a started server', () => {
  let server: TestServer;
  let first: string;

  beforeAll(async () => {
    server = await TestServer.startScripted(['The tide came in. Nobody spoke.']);
    first = await scraped(server, PLAIN);
  });
  afterAll(() => server.stop());

  it('Y1: every metric that an alert asks for is in the scrape, or is of a kind that may be absent', () => {
    const inScrape = new Set(samples(first).map(nameOf));
    // Command durations come with use.
    const late = definitions.filter(({ isLazy }) => isLazy).map(({ name }) => name);
    const absent = definitions
      .filter((each) => each.type === 'gauge' && each.start === null)
      .map(({ name }) => name);
    const mayBeAbsent = [
      ...absent,
      ...late.flatMap((name) => [`${name}_bucket`, `${name}_count`, `${name}_sum`]),
    ];
    const exprs = [...ALERTS, ...BURN_RECORDS].map(({ expr }) =>
      expr.replaceAll(/\{[^}]*\}|\[[^\]]*\]/g, ''),
    );
    const asked = exprs.flatMap((expr) => expr.match(/\b(?:story|llm|audit|nodejs|process)_\w+/g) ?? []);
    expect(new Set(asked).size).toBeGreaterThan(20);
    expect(asked.filter((name) => !inScrape.has(name) && !mayBeAbsent.includes(name))).toEqual([]);
  });

  it('Y1: the number of series stays the same with 300 sessions more, and is under 5,000', async () => {
    const count = async () => samples(await scraped(server)).length;
    await createSessions(server, 1);
    const before = await count();
    await createSessions(server, 300);
    const text = await scraped(server);
    expect(samples(text).length).toBe(before);
    expect(before).toBeLessThan(5_000);
    expect(text).toContain('story_store_writable 1');
  });

  it('S1.1, S1.3, S0.31: a narrator turn is one request with its tokens and times', async () => {
    const player = new TestPlayer(server.url);
    try {
      await player.create();
      await player.join();
      await player.must('narrator:ask', {});
      const done = 'llm_requests_total{model="scripted",endpoint="narrator",status="success"} 1';
      const text = await until('the turn is counted', async () => {
        const now = await scraped(server);
        return now.includes(done) ? now : null;
      });
      for (const line of [
        'llm_request_duration_seconds_count{model="scripted",endpoint="narrator"} 1',
        'llm_time_to_first_token_seconds_count{model="scripted",endpoint="narrator"} 1',
        'llm_prefill_seconds_count{model="scripted"} 1',
        'llm_decode_seconds_count{model="scripted"} 1',
        'llm_request_tokens_count{model="scripted",type="output"} 1',
        'llm_context_window_usage_ratio_count{model="scripted"} 1',
        'story_turn_seconds_count{waiting="1"} 1',
        'story_turns_total{outcome="committed"} 1',
      ])
        expect(text).toContain(`\n${line}\n`);
    } finally {
      player.close();
    }
  });

  it('Y2: after a restart all counters of safety and errors are there at 0', async () => {
    await server.kill('SIGTERM');
    await server.restart();
    const lines = new Set(samples(await scraped(server)));
    const isOfSafety = ({ name, type }: Definition) =>
      type === 'counter' &&
      /violation|moderation|failures|lost|pii|refused|rejected|requests_total|rollback/.test(name);
    const watched = definitions.filter(isOfSafety);
    expect(watched.length).toBeGreaterThan(10);
    for (const definition of watched) {
      for (const labels of labelSets(definition, 'scripted')) {
        const inside = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
        const told = inside.length === 0 ? '' : `{${inside.join(',')}}`;
        expect(lines).toContain(`${definition.name}${told} 0`);
      }
    }
  });

  it('S1.6: OpenMetrics by itself, the older format for who asks for it', async () => {
    const answer = (accept: string) => fetch(`${server.url}/metrics`, { headers: { accept } });
    expect((await answer('*/*')).headers.get('content-type')).toContain('application/openmetrics-text');
    expect((await answer(PLAIN)).headers.get('content-type')).toContain('text/plain');
  });

  describe.skipIf(skipUnless('promtool'))('for promtool', () => {
    const promtool = (args: string[], input?: string) =>
      execFileSync(findProgram('promtool')!, args, { encoding: 'utf8', input, stdio: 'pipe' });

    it('S1.6: names, types and help are as they should be', async () => {
      expect(promtool(['check', 'metrics'], await scraped(server, PLAIN))).toBe('');
    });

    it('S1.6: what is called OpenMetrics is OpenMetrics', async () => {
      const folder = await mkdtemp(join(tmpdir(), 'taleloom-metrics-'));
      try {
        // The only strict reader at hand wants a time with each sample.
        const text = (await scraped(server)).replaceAll(/^([a-zA-Z_].*)$/gm, '$1 1700000000');
        const file = join(folder, 'scrape.txt');
        await writeFile(file, text);
        const read = ['tsdb', 'create-blocks-from', 'openmetrics'];
        expect(promtool([...read, file, join(folder, 'blocks')])).toContain('BLOCK');
        await writeFile(file, text.replace('# EOF\n', ''));
        expect(() => promtool([...read, file, join(folder, 'other')])).toThrow(/EOF/);
      } finally {
        await rm(folder, { recursive: true });
      }
    });
  });
});
