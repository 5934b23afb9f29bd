import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parse, stringify } from 'yaml';
import { describe, expect, it } from 'vitest';
import { receiverOf } from '../../server/observability/alertmanager.ts';
import { ALERTS } from '../../server/observability/alerts.ts';
import { runbookOf } from '../../server/observability/alerts-shape.ts';
import { findProgram, skipUnless } from '../support/programs.ts';

const run = promisify(execFile);
const ROOT = join(import.meta.dirname, '../..');
const PROMETHEUS = join(ROOT, 'docker/prometheus');
const ALERTMANAGER = join(ROOT, 'docker/alertmanager');

const SETTINGS = readFileSync(join(ROOT, 'server/config-variables.ts'), 'utf8');

/** Runs a program that must end well; what it said. */
async function told(program: 'promtool' | 'amtool', args: string[], cwd: string): Promise<string> {
  const path = findProgram(program);
  if (path === null) throw new Error(`${program} is not installed.`);
  const { stdout, stderr } = await run(path, args, { cwd });
  return stdout + stderr;
}

/** What a program that must fail said. */
const refused = (...of: Parameters<typeof told>) =>
  told(...of).then(
    () => {
      throw new Error('It did not fail.');
    },
    ({ stdout, stderr }: { stdout: string; stderr: string }) => stdout + stderr,
  );

interface Rules {
  groups: { name: string; rules: { alert?: string; record?: string; expr: string }[] }[];
}
const rules = parse(readFileSync(join(PROMETHEUS, 'rules.yml'), 'utf8')) as Rules;

describe('what is generated', () => {
  it('Y3: the files of Prometheus, Alertmanager and Grafana and the tables are those of the definitions', async () => {
    const tsx = join(ROOT, 'node_modules/tsx/dist/cli.mjs');
    const { stdout } = await run(process.execPath, [tsx, 'scripts/observability.mjs', '--check'], {
      cwd: ROOT,
    });
    expect(stdout).toMatch(/^\d+ generated files are up to date/);
  });

  it('Y3, S2.13: every alert has its runbook with all its parts, and there are no others', () => {
    const folder = join(ROOT, 'docs/runbooks');
    const expected = ALERTS.map(({ name }) => runbookOf(name).split('/').at(-1)!);
    expect(readdirSync(folder).toSorted()).toEqual(['README.md', ...expected].toSorted());
    for (const { name } of ALERTS) {
      const text = readFileSync(join(ROOT, runbookOf(name)), 'utf8');
      expect(text.startsWith(`# ${name}\n`), name).toBe(true);
      for (const part of ['For players', 'Look', 'First', 'End it', 'Do not'])
        expect(text, name).toContain(`\n## ${part}\n`);
      // Settings that it names exist.
      for (const [, name] of text.matchAll(/`([A-Z]+_[A-Z_]+)(?:=\w+)?`/g))
        expect(SETTINGS).toContain(`  ${name!}: `);
      // Something to type or to click for whoever was woken by it.
      expect(text).toMatch(/```sh\n|\/ops/);
    }
  });

  it('Y3: every alert is told apart, in words, with a figure and both its cases', () => {
    expect(ALERTS.length).toBeGreaterThan(25);
    expect(new Set(ALERTS.map(({ name }) => name)).size).toBe(ALERTS.length);
    for (const { name, summary, description, figure, fires, healthy } of ALERTS) {
      expect(name).toMatch(/^([A-Z][a-z]+)+$/);
      expect(summary.length, name).toBeGreaterThan(10);
      expect(description, name).toMatch(/\.$/);
      expect(figure.length, name).toBeGreaterThan(3);
      expect(Object.keys(fires.series).length, name).toBeGreaterThan(0);
      // A twin that is silent because its series are others would prove nothing.
      const metric = (series: string) => series.split('{')[0];
      if (name !== 'TelemetryMissing')
        expect(Object.keys(healthy.series).map(metric), name).toEqual(Object.keys(fires.series).map(metric));
    }
  });

  it('S3.5: what is about the safety of people and about proof is never muted', () => {
    const loud = ALERTS.filter(({ isNeverMuted }) => isNeverMuted).map(({ name }) => name);
    expect(loud).toEqual(['PassageDeliveredUnsafe', 'AuditLogTampered']);
    const { inhibit_rules: inhibitions } = parse(
      readFileSync(join(ALERTMANAGER, 'alertmanager.yml'), 'utf8'),
    ) as { inhibit_rules: { target_matchers: string[] }[] };
    expect(inhibitions.length).toBeGreaterThan(0);
    for (const { target_matchers: matchers } of inhibitions)
      expect(matchers).toContain('silenceable!="false"');
  });

  it('Y3: alerts look only at recorded figures that are recorded', () => {
    const all = rules.groups.flatMap((group) => group.rules);
    const recorded = new Set(all.flatMap(({ record }) => record ?? []));
    const asked = all.flatMap(({ expr }) => expr.match(/slo:[a-z_]+:[a-z_]+\d+[mhd]/g) ?? []);
    expect(asked.length).toBeGreaterThan(10);
    expect(asked.filter((name) => !recorded.has(name))).toEqual([]);
    expect([...recorded].filter((name) => !asked.includes(name))).toEqual([]);
  });
});

describe.skipIf(skipUnless('promtool'))('Prometheus', () => {
  it('Y3: takes the rules and the settings', async () => {
    expect(await told('promtool', ['check', 'rules', 'rules.yml'], PROMETHEUS)).toContain('SUCCESS');
    const args = ['check', 'config', '--syntax-only', 'prometheus.yml'];
    expect(await told('promtool', args, PROMETHEUS)).toContain('SUCCESS');
  });

  // Days of series are worked out: half a minute on a quiet machine.
  it(
    'S2.8, S3.4: every alert fires in its case and is silent in its healthy twin',
    { timeout: 300_000 },
    async () => {
      for (const file of ['rules.test.yml', 'rules-long.test.yml'])
        expect(await told('promtool', ['test', 'rules', file], PROMETHEUS)).toContain('SUCCESS');
    },
  );

  it('a rule that would not fire is noticed', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'taleloom-rules-'));
    try {
      const text = readFileSync(join(PROMETHEUS, 'rules.yml'), 'utf8');
      await writeFile(
        join(folder, 'rules.yml'),
        text.replace('story_review_oldest_seconds > 600', 'story_review_oldest_seconds > 6000'),
      );
      const tests = parse(readFileSync(join(PROMETHEUS, 'rules.test.yml'), 'utf8')) as {
        tests: { name: string }[];
      };
      const ours = tests.tests.filter(({ name }) => name.startsWith('ReviewQueueOld'));
      expect(ours.length).toBe(2);
      await writeFile(join(folder, 'test.yml'), stringify({ ...tests, tests: ours }));
      expect(await refused('promtool', ['test', 'rules', 'test.yml'], folder)).toContain(
        'ReviewQueueOld fires',
      );
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

describe.skipIf(skipUnless('amtool'))('Alertmanager', () => {
  const CONFIG = '--config.file=alertmanager.yml';

  it('S1.26: takes the settings, with the times and groups of the requirement', async () => {
    expect(await told('amtool', ['check-config', 'alertmanager.yml'], ALERTMANAGER)).toContain('SUCCESS');
    const settings = parse(readFileSync(join(ALERTMANAGER, 'alertmanager.yml'), 'utf8')) as object;
    expect(settings).toMatchObject({
      global: { resolve_timeout: '5m' },
      route: {
        group_by: ['alertname', 'service', 'model_version'],
        group_wait: '30s',
        group_interval: '5m',
        repeat_interval: '3h',
      },
    });
  });

  it('S1.27: whoever is on call gets what is critical, the chat the rest', async () => {
    expect([receiverOf('critical'), receiverOf('warning')]).toEqual(['on-call', 'chat']);
    for (const severity of ['critical', 'warning'] as const) {
      const labels = [`severity=${severity}`, 'service=taleloom'];
      const answer = await told('amtool', ['config', 'routes', 'test', CONFIG, ...labels], ALERTMANAGER);
      expect(answer.split('\n')).toContain(receiverOf(severity));
    }
  });

  it('S1.28: a message names the objective, the figure, the model and the runbook', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'taleloom-message-'));
    const labels = { alertname: 'QualityDrift', severity: 'critical', slo: 'quality', model_version: 'tiny' };
    const annotations = {
      summary: 'The narrator has become worse',
      description: 'Passages score lower.',
      figure: '2 is drift',
      value: '2',
      runbook: runbookOf('QualityDrift'),
    };
    const alerts = [{ status: 'firing', labels, annotations, startsAt: '2026-01-02T03:04:05Z' }];
    const data = { status: 'firing', alerts, commonLabels: labels, commonAnnotations: annotations };
    try {
      await writeFile(join(folder, 'data.json'), JSON.stringify(data));
      const render = (name: string) => {
        const text = `--template.text={{ template "${name}" . }}`;
        const args = ['--template.glob=taleloom.tmpl', `--template.data=${join(folder, 'data.json')}`, text];
        return told('amtool', ['template', 'render', ...args], ALERTMANAGER);
      };
      expect(await render('taleloom.title')).toContain('Now: The narrator has become worse');
      const message = await render('taleloom.text');
      for (const part of [
        '2 is drift: 2',
        'Objective: quality',
        'Model: tiny',
        'docs/runbooks/quality-drift.md',
      ])
        expect(message).toContain(part);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
