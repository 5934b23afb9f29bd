import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import type { Definition } from './metric-definition.ts';
import { labelSets, seriesCount } from './metric-definition.ts';
import { refusalLabel, waitingLabel } from './metric-labels.ts';
import { refreshDrift, refreshSessionHealth, sessionObserver, writerLabel } from './metric-sessions.ts';
import { modelFileHash } from './metric-model.ts';
import { countTier, narratorObserver } from './observers.ts';
import { PROMPT_REVISION } from '../narrator/prompt-words.ts';
import { openMetricsOf } from './metric-text.ts';
import { CATALOGUE, createMetrics, scrape } from './metrics.ts';
import { selectionsOf } from './observability/expressions.ts';
import { AGREEMENTS, OBJECTIVES, valueExpression } from './observability/slos.ts';
import { lostMetrics, type metricRegistry } from './observability/metric-registry.ts';
import { noScores } from '../sessions/quality.ts';
import type { PassageQuality, QualityScores } from '../sessions/quality.ts';

const MODEL = 'storyteller-tiny';
const definitions: Definition[] = Object.values(CATALOGUE);

const linesOf = (text: string) => text.split('\n').filter((line) => /^[a-z]/.test(line));
const series = async (metrics: ReturnType<typeof createMetrics>) => linesOf(await metrics.registry.metrics());

/** Metrics and a look at one line of them. */
function fixture() {
  const metrics = createMetrics({ model: MODEL });
  const observer = sessionObserver(metrics, { model: MODEL, delivered: () => undefined });
  const value = async (start: string) => {
    const line = (await series(metrics)).find((each) => each.startsWith(`${start} `));
    return line === undefined ? null : Number(line.slice(start.length + 1));
  };
  return { metrics, observer, value };
}

describe('the catalogue', () => {
  it('Y1: no metric that others may rely on is gone or has changed its type without being retired', () => {
    const path = join(import.meta.dirname, 'observability/metrics.json');
    const { metrics } = JSON.parse(readFileSync(path, 'utf8')) as ReturnType<typeof metricRegistry>;
    expect(metrics.length).toBeGreaterThan(60);
    expect(lostMetrics(metrics)).toEqual([]);
    // It would be noticed.
    expect(lostMetrics([{ name: 'story_gone_total', type: 'counter' }])).toEqual(['story_gone_total']);
    expect(lostMetrics([{ name: 'story_turns_total', type: 'gauge' }])).toEqual(['story_turns_total']);
  });

  it('Y1: names are unique, say their unit and never carry a session, a player or a text', () => {
    const names = definitions.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const { name, type, labels, help } of definitions) {
      expect(name).toMatch(/^(story|llm|audit|embedding)_[a-z0-9_]+$/);
      expect(name.endsWith('_total')).toBe(type === 'counter');
      expect(help).toMatch(/\.$/);
      for (const label of Object.keys(labels)) expect(label).not.toMatch(/session|player|user|passage|hash$/);
    }
  });

  it('Y1, Y4: every limit of an objective is a bound of the histogram it is about', () => {
    const asked = [...OBJECTIVES, ...AGREEMENTS].flatMap((each) => selectionsOf(valueExpression(each)));
    const limits = asked.flatMap(({ metric, match: { le } }) => {
      if (le === undefined) return [];
      const bound = typeof le === 'string' ? le : 'any' in le ? le.any[0] : undefined;
      return [[metric.replace(/_bucket$/, ''), Number(bound)] as const];
    });
    expect(limits.length).toBeGreaterThan(5);
    // Those of alerts, which are no objectives.
    const all = [...limits, ['llm_model_load_seconds', 30], ['story_store_append_seconds', 0.25]] as const;
    for (const [name, limit] of all) {
      const definition = definitions.find((each) => each.name === name);
      expect(definition?.type === 'histogram' && definition.buckets, name).toContain(limit);
    }
  });

  it('S1.2: the duration of requests has the bounds of the conventions', () => {
    expect(CATALOGUE.llmDuration.buckets).toEqual([
      0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92,
    ]);
  });

  it('Y1: all series together are under 5,000, with every label set in use', () => {
    const count = definitions.reduce((sum, definition) => sum + seriesCount(definition), 0);
    // Those of the process come on top.
    expect(count).toBeLessThan(4_800);
    expect(count).toBeGreaterThan(3_000);
  });
});

describe('a scrape', () => {
  it('Y2: every counter and histogram is there at 0 for all its label sets from the start', async () => {
    const { metrics } = fixture();
    const lines = new Set(await series(metrics));
    const told = (labels: Record<string, string>) => {
      const inside = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
      return inside.length === 0 ? '' : `{${inside.join(',')}}`;
    };
    for (const definition of definitions) {
      if (definition.isLazy || definition.type === 'gauge') continue;
      const suffix = definition.type === 'histogram' ? '_count' : '';
      for (const labels of labelSets(definition, MODEL))
        expect(lines, definition.name).toContain(`${definition.name}${suffix}${told(labels)} 0`);
    }
  });

  it('Y2: what has not been measured is absent', async () => {
    const { value } = fixture();
    for (const name of ['audit_last_verified_timestamp_seconds', 'audit_tree_size', 'embedding_dimensions'])
      expect(await value(name), name).toBeNull();
    expect(await value('story_review_oldest_seconds')).toBe(0);
    expect(await value('llm_service_fairness_jain_ratio')).toBe(1);
  });

  it('Y1: is OpenMetrics unless only the older format is asked for; both say the same', async () => {
    const { metrics } = fixture();
    metrics.passages.inc({ author_kind: 'player' });
    const plain = await scrape(metrics, 'text/plain;version=0.0.4');
    const open = await scrape(metrics, 'application/openmetrics-text;version=1.0.0,text/plain;q=0.5');
    expect(plain.contentType).toContain('text/plain');
    expect(open.contentType).toContain('application/openmetrics-text; version=1.0.0');
    expect(open.text.endsWith('\n# EOF\n')).toBe(true);
    expect(open.text).not.toMatch(/\n\n/);
    expect(open.text).toContain(
      '# TYPE story_passages counter\nstory_passages_total{author_kind="player"} 1\n',
    );
    const names = (text: string) => linesOf(text).map((line) => line.split(' ')[0]);
    expect(names(open.text)).toEqual(names(plain.text));
    expect((await scrape(metrics, '*/*')).contentType).toBe(open.contentType);
  });

  it('Y1: a gauge that ends like a counter keeps its name', () => {
    const text =
      '# HELP a_total x\n# TYPE a_total gauge\na_total 1\n\n# HELP b_total y\n# TYPE b_total counter\nb_total 2\n';
    expect(openMetricsOf(text)).toBe(
      '# HELP a_total x\n# TYPE a_total gauge\na_total 1\n# HELP b y\n# TYPE b counter\nb_total 2\n# EOF\n',
    );
  });

  it('Y1: ten thousand sessions that do everything leave the number of series as it is', async () => {
    const { metrics, observer } = fixture();
    const play = (at: number) => {
      observer.passageCommitted(at % 2 === 0 ? 'player' : 'narrator');
      observer.editPropagated(at / 1_000);
      observer.updateRefused(`fault-${at}`);
      observer.feedbackGiven({ type: 'positive', rating: 1 + (at % 5), version: `model-${at}@1` });
      observer.intervened('stalled', 'nudge');
      observer.sessionUnloaded(at);
    };
    play(0);
    const before = (await series(metrics)).length;
    for (let at = 1; at <= 10_000; at += 1) play(at);
    refreshSessionHealth(
      metrics,
      Array.from({ length: 10_000 }, () => ({ issues: ['stalled' as const] })),
    );
    expect((await series(metrics)).length).toBe(before);
  });

  it('S0.4: bytes of sockets reach the counter when it is read', async () => {
    const { metrics, value } = fixture();
    metrics.countBytes('in', 5);
    metrics.countBytes('in', 6);
    expect(await value('story_sync_bytes_total{direction="in"}')).toBe(11);
    expect(await value('story_sync_bytes_total{direction="in"}')).toBe(11);
  });
});

describe('the model', () => {
  it('is told by the ends and the length of its file; one that cannot be read is unknown', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'taleloom-model-'));
    try {
      const file = (bytes: Buffer) =>
        writeFile(join(folder, 'm.gguf'), bytes).then(() => join(folder, 'm.gguf'));
      const bytes = Buffer.alloc(3 * 1024 * 1024, 1);
      const hash = await modelFileHash(await file(bytes));
      expect(hash).toMatch(/^[0-9a-f]{12}$/);
      expect(await modelFileHash(await file(bytes))).toBe(hash);
      bytes[bytes.length - 1] = 2;
      expect(await modelFileHash(await file(bytes))).not.toBe(hash);
      expect(await modelFileHash(await file(bytes.subarray(1)))).not.toBe(hash);
      expect(await modelFileHash(await file(Buffer.alloc(0)))).toMatch(/^[0-9a-f]{12}$/);
      expect(await modelFileHash(join(folder, 'none'))).toBe('unknown');
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('S0.12: is there with its file and prompts once it is loaded, as one series', async () => {
    const { metrics } = fixture();
    const observer = narratorObserver(metrics, { log: pino({ enabled: false }), model: MODEL });
    observer.loaded?.(2_000, 'cold');
    observer.loaded?.(40_000, 'swap');
    const lines = (await series(metrics)).filter((line) => line.startsWith('llm_model_'));
    const info = `llm_model_info{model="${MODEL}",base_hash12="unknown",prompt_version="${PROMPT_REVISION}",role="production"} 1`;
    expect(lines.filter((line) => line.startsWith('llm_model_info'))).toEqual([info]);
    expect(lines).toContain(`llm_model_load_seconds_bucket{le="30",model="${MODEL}",reason="cold"} 1`);
    expect(lines).toContain(`llm_model_load_seconds_bucket{le="30",model="${MODEL}",reason="swap"} 0`);
  });

  it('S1.1, S1.4: the sentence encoder is a model that is asked to embed', async () => {
    const { metrics, value } = fixture();
    countTier(metrics, { tier: 'encoder', ms: 20, hasAnswered: true });
    countTier(metrics, { tier: 'encoder', ms: 250, hasAnswered: false });
    countTier(metrics, { tier: 'rules.pii', ms: 1, hasAnswered: true });
    const of = 'model="sentence-encoder",endpoint="embed"';
    expect(await value(`llm_requests_total{${of},status="success"}`)).toBe(1);
    expect(await value(`llm_requests_total{${of},status="timeout"}`)).toBe(1);
    expect(await value(`llm_request_duration_seconds_count{${of}}`)).toBe(2);
    expect(await value('story_moderation_seconds_count{stage="rules"}')).toBe(1);
  });
});

describe('what sessions report', () => {
  const quality = (scores: Partial<QualityScores>, of: Partial<PassageQuality> = {}): PassageQuality => ({
    sessionId: 's',
    passageId: 'p',
    alternativeId: 'a',
    authorKind: 'narrator',
    version: `${MODEL}@12345678`,
    at: 1,
    scores: { ...noScores(), ...scores },
    methods: {},
    thresholdVersion: 'en-1',
    below: [],
    voice: [],
    ...of,
  });

  it('J1: scores and verdicts of the narrator by model; null is skipped, people are not counted', async () => {
    const { observer, value } = fixture();
    observer.assessed(quality({ narrative_coherence: 0.7 }, { below: ['narrative_coherence'] }), false);
    observer.assessed(quality({ narrative_coherence: 0.9 }, { version: 'other@1' }), false);
    observer.assessed(quality({ narrative_coherence: 0.1 }, { authorKind: 'player', version: null }), false);
    const of = (metric: string, model: string) => `metric="${metric}",model="${model}"`;
    const coherence = of('narrative_coherence', MODEL);
    expect(await value(`story_quality_checks_total{${coherence},verdict="below"}`)).toBe(1);
    expect(await value(`story_quality_checks_total{${coherence},verdict="ok"}`)).toBe(0);
    expect(await value(`story_quality_score_count{${coherence}}`)).toBe(1);
    expect(await value(`story_quality_checks_total{${of('diversity', MODEL)},verdict="skipped"}`)).toBe(1);
    expect(await value(`story_quality_score_count{${of('diversity', MODEL)}}`)).toBe(0);
    expect(await value(`story_quality_score_count{${of('narrative_coherence', 'other')}}`)).toBe(1);
  });

  it('J4: the deeper look counts its own metrics and not the fast ones again', async () => {
    const { observer, value } = fixture();
    const first = quality({ narrative_coherence: 0.9 });
    observer.assessed(first, false);
    observer.assessed(quality({ narrative_coherence: 0.9, judge_voice: 0.5 }), true);
    const checks = (metric: string, verdict: string) =>
      value(`story_quality_checks_total{metric="${metric}",model="${MODEL}",verdict="${verdict}"}`);
    expect(await checks('narrative_coherence', 'ok')).toBe(1);
    expect(await checks('judge_voice', 'ok')).toBe(1);
    expect(await checks('judge_coherence', 'skipped')).toBe(1);
  });

  it('F2: feedback and ratings by model', async () => {
    const { observer, value } = fixture();
    observer.feedbackGiven({ type: 'broke_story', rating: 2, version: `${MODEL}@1` });
    observer.feedbackGiven({ type: 'positive', rating: null, version: null });
    expect(await value(`story_feedback_total{type="broke_story",model="${MODEL}"}`)).toBe(1);
    expect(await value('story_feedback_total{type="positive",model="other"}')).toBe(1);
    expect(await value(`story_feedback_rating_sum{model="${MODEL}"}`)).toBe(2);
    expect(await value('story_feedback_rating_count{model="other"}')).toBe(0);
  });

  it('Y1: a rollback counts under the names of before and of the table', async () => {
    const { observer, value } = fixture();
    observer.rolledBack({ scope: 'version', timing: 'scene', disruption: 0.4, waitedSeconds: 12 });
    expect(await value('story_text_rollbacks_total{scope="version",timing="scene"}')).toBe(1);
    expect(await value('story_rollbacks_total{reason="version"}')).toBe(1);
    expect(await value('story_rollback_sessions_total{class="scene_boundary"}')).toBe(1);
    expect(await value('story_rollback_seconds_sum{class="scene_boundary"}')).toBe(12);
    expect(await value('story_rollback_disruption_score_bucket{le="0.45"}')).toBe(1);
    expect(await value('story_rollback_disruption_score_bucket{le="0.35"}')).toBe(0);
  });

  it('V7, J7: issues and drift are what they are at the moment', async () => {
    const { metrics, value } = fixture();
    refreshSessionHealth(metrics, [{ issues: ['stalled', 'starved'] }, { issues: ['stalled'] }]);
    expect(await value('story_sessions_unhealthy{issue="stalled"}')).toBe(2);
    refreshSessionHealth(metrics, []);
    expect(await value('story_sessions_unhealthy{issue="stalled"}')).toBe(0);
    const drift = { narrative_coherence: { state: 2 as const, cusum: 6, legacyZ: null }, diversity: null };
    refreshDrift(metrics, MODEL, [{ version: `${MODEL}@1`, drift }]);
    const of = (metric: string) => value(`story_drift_state{metric="${metric}",model="${MODEL}"}`);
    expect([await of('narrative_coherence'), await of('diversity')]).toEqual([2, null]);
    refreshDrift(metrics, MODEL, []);
    expect(await of('narrative_coherence')).toBeNull();
  });

  it('folds what it does not know', () => {
    expect([refusalLabel('gap'), refusalLabel('whatever')]).toEqual(['gap', 'other']);
    expect([1, 2, 4, 5, 8, 9].map(waitingLabel)).toEqual(['1', '2-4', '2-4', '5-8', '5-8', '9+']);
    expect(['a@1', 'a', 'b@a@1', null].map((version) => writerLabel(version, 'a'))).toEqual([
      'a',
      'other',
      'other',
      'other',
    ]);
    expect(writerLabel('b@a@1', 'b@a')).toBe('b@a');
  });
});
