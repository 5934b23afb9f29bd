import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AppError } from '../../sessions/errors.ts';
import { loadBaseline } from './baseline.ts';

const SHIPPED = join(import.meta.dirname, '../baselines');

describe('quality baselines', () => {
  let folder: string;
  let file: string;
  let background: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'taleloom-baseline-'));
    file = join(folder, 'quality-en-1.json');
    background = join(folder, 'background-en-1.json');
    copyFileSync(join(SHIPPED, 'quality-en-1.json'), file);
    copyFileSync(join(SHIPPED, 'background-en-1.json'), background);
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  type Json = Record<string, unknown>;
  function change(edit: (json: Json & { metrics: Record<string, Json> }) => void, of = file): void {
    const json = JSON.parse(readFileSync(of, 'utf8')) as Json & { metrics: Record<string, Json> };
    edit(json);
    writeFileSync(of, JSON.stringify(json));
  }

  it('J5: the one that ships can be used, and asks what the rules say', async () => {
    const { version, metrics, background: stems } = await loadBaseline(file);
    expect(version).toBe('en-1');
    expect(metrics).toMatchObject({
      narrative_coherence: { threshold: 0.8 },
      character_consistency: { threshold: 0.85 },
      user_engagement: { threshold: 0.75 },
    });
    expect(stems.idf('lighthouse')).toBeGreaterThan(0);
  });

  it.each<[string, () => void, string]>([
    ['is missing', () => rmSync(file), 'quality-en-1.json'],
    ['is no JSON', () => writeFileSync(file, '{"schema": 1,'), 'quality-en-1.json'],
    ['is of another form', () => change((json) => (json.schema = 2)), 'schema'],
    ['lacks a metric', () => change((json) => delete json.metrics.diversity), 'diversity'],
    [
      'has a threshold of 1',
      () => change((json) => (json.metrics.user_engagement!.threshold = 1)),
      'user_engagement',
    ],
    [
      'has anchors that fall',
      () => change((json) => (json.metrics.narrative_coherence!.anchors = { q05: 0.3, q50: 0.2, q99: 0.5 })),
      'rise',
    ],
    [
      'was learnt from too little',
      () => change((json) => (json.sample = { passages: 199, source: 'x' })),
      'sample.passages',
    ],
    ['names a path', () => change((json) => (json.background = '../../secret')), 'background'],
    [
      'names a missing background',
      () => change((json) => (json.background = 'en-9')),
      'background-en-9.json',
    ],
    ['has a background that is damaged', () => writeFileSync(background, '[]'), 'background-en-1.json'],
    [
      'has a background of another version',
      () => change((json) => (json.version = 'en-0'), background),
      'version en-0',
    ],
  ])('J5: one that %s is refused with a message that names file and fault', async (_what, spoil, named) => {
    spoil();
    const failure = await loadBaseline(file).then(
      () => '',
      (error: unknown) => (error as AppError).detail ?? '',
    );
    expect(failure).toMatch(/^The quality baseline .*\.json cannot be used: /);
    expect(failure).toContain(named);
  });
});
