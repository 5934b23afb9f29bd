import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { personasFrom } from '../../sessions/personas.ts';
import {
  noScores,
  QUALITY_METRICS,
  type PassageToAssess,
  type QualityAssessor,
} from '../../sessions/quality.ts';
import { createAssessor, isSampled, type AssessorOptions } from './assessor.ts';
import { loadBaseline, type QualityBaseline } from './baseline.ts';

const ROOT = join(import.meta.dirname, '../..');
const STORIES = ['alice-in-wonderland', 'moby-dick', 'pride-and-prejudice', 'tom-sawyer'].map((name) => {
  const file = join(ROOT, 'test/fixtures/stories', `${name}.json`);
  return (JSON.parse(readFileSync(file, 'utf8')) as { passages: string[] }).passages;
});
const NEVER = new AbortController().signal;

let baseline: QualityBaseline;
let assessor: QualityAssessor;
beforeAll(async () => {
  baseline = await loadBaseline(join(ROOT, 'narrator/baselines/quality-en-1.json'));
  assessor = createAssessor({ baseline, engine: null });
});

function passage(of: Partial<PassageToAssess> = {}): PassageToAssess {
  return {
    sessionId: 's1',
    passageId: 'p1',
    alternativeId: 'a1',
    authorKind: 'narrator',
    text: '',
    previous: [],
    cast: [],
    speaksAs: null,
    version: 'tiny@00000001',
    engagement: null,
    narratorWaiting: 0,
    ...of,
  };
}

/** Every passage of every story with the three before it, and what replaces it. */
function scored(replace: (passages: readonly string[], at: number, story: number) => string) {
  return STORIES.flatMap((passages, story) =>
    passages.slice(3).map((_, index) => {
      const previous = passages.slice(index, index + 3);
      return assessor.assess(passage({ text: replace(passages, index + 3, story), previous }), 1);
    }),
  );
}
const shareBelow = (all: ReturnType<typeof scored>, metric: (typeof QUALITY_METRICS)[number]) =>
  all.filter(({ below }) => below.includes(metric)).length / all.length;

describe('the fast metrics of passages', () => {
  it('J1: every passage has all metrics, null where nothing can be told', () => {
    const short = assessor.assess(passage({ text: 'She left.' }), 7);
    expect(Object.keys(short.scores).sort()).toEqual([...QUALITY_METRICS].sort());
    expect(short).toEqual({
      sessionId: 's1',
      passageId: 'p1',
      alternativeId: 'a1',
      authorKind: 'narrator',
      version: 'tiny@00000001',
      at: 7,
      scores: noScores(),
      methods: {},
      thresholdVersion: 'en-1',
      below: [],
      voice: [],
    });
    const [first = '', second = ''] = STORIES[0]!;
    expect(assessor.assess(passage({ text: first }), 1).scores).toMatchObject({
      narrative_coherence: null,
      character_consistency: null,
      user_engagement: null,
      diversity: expect.any(Number) as number,
    });
    const whole = assessor.assess(passage({ text: second, previous: [first], engagement: 0.5 }), 1);
    expect(whole.methods).toEqual({
      narrative_coherence: 'D1-tfidf/en-1',
      user_engagement: 'D5/1',
      diversity: 'D17-distinct/en-1',
    });
    expect(whole.below).toContain('user_engagement');
    expect(assessor.assess(passage({ text: second, previous: [first], engagement: 0.5 }), 1)).toEqual(whole);
  });

  it('J1: the true next passage of stories that were not learnt from stays over the threshold', () => {
    const healthy = scored((passages, at) => passages[at]!);
    expect(shareBelow(healthy, 'narrative_coherence')).toBeLessThanOrEqual(0.1);
    expect(shareBelow(healthy, 'diversity')).toBeLessThanOrEqual(0.1);
  });

  it('J2: a passage of another story, a repetition and word salad fall under it', () => {
    const foreign = scored((_, at, story) => {
      const other = STORIES[(story + 1) % STORIES.length]!;
      return other[at % other.length]!;
    });
    expect(shareBelow(foreign, 'narrative_coherence')).toBeGreaterThanOrEqual(0.7);
    const repeated = scored((passages, at) => passages[at - 1]!);
    expect(shareBelow(repeated, 'narrative_coherence')).toBe(1);
    expect(shareBelow(repeated, 'diversity')).toBe(1);
    const loop = scored((passages, at) =>
      `${passages[at]!.split(/\s+/).slice(0, 12).join(' ')}. `.repeat(10),
    );
    expect(shareBelow(loop, 'diversity')).toBe(1);
    const syllables = 'bru tel mok san dri wop fel gar nis tum'.split(' ');
    const salad = scored((_, at) =>
      Array.from(
        { length: 120 },
        (__, word) => `${syllables[(word * 7 + at) % 10]}${syllables[(word * word) % 10]}`,
      ).join(' '),
    );
    expect(shareBelow(salad, 'narrative_coherence')).toBe(1);
  });

  it('J3: a character that says what it never says is found, and named', () => {
    const cast = personasFrom([{ id: 'c1', name: 'Mara', description: 'Never says: okay.' }]);
    const found = assessor.assess(passage({ text: '"Okay," Mara said.', cast }), 1);
    expect(found.scores.character_consistency).toBe(0.5);
    expect(found.below).toEqual(['character_consistency']);
    expect(found.voice).toEqual([{ castId: 'c1', rule: 'never_use', detail: 'says "okay"' }]);
  });

  it('J1: coherence of a story in another language than the baseline is not calibrated, so not measured', () => {
    const german = (subject: string) =>
      `${subject} ging langsam durch den dunklen Wald und dachte an das alte Haus, in dem die Mutter noch immer auf sie wartete, ` +
      'obwohl der Winter schon lange vorbei war und niemand mehr wusste, warum sie damals fortgegangen war.';
    const previous = [german('Die Tochter'), german('Der Bruder')];
    const { scores } = assessor.assess(passage({ text: german('Das Kind'), previous }), 1);
    expect(scores.narrative_coherence).toBeNull();
  });

  it('J6: thresholds of the operator decide what is below, not how it is scored', () => {
    const strict = createAssessor({ baseline, engine: null, thresholds: { narrative_coherence: 0.99 } });
    expect(strict.thresholds).toMatchObject({ narrative_coherence: 0.99, character_consistency: 0.85 });
    const passages = STORIES[0]!.slice(0, 20);
    const all = passages.slice(1).map((text, at) => passage({ text, previous: [passages[at]!] }));
    const isBelow = (of: PassageToAssess, by: QualityAssessor) =>
      by.assess(of, 1).below.includes('narrative_coherence');
    const between = all.filter((of) => isBelow(of, strict) && !isBelow(of, assessor));
    expect(between).not.toEqual([]);
    for (const of of all) expect(strict.assess(of, 1).scores).toEqual(assessor.assess(of, 1).scores);
  });
});

describe('the closer look', () => {
  const ids = Array.from({ length: 5_000 }, (_, at) => `passage${at}`);

  it('J4: takes one passage in five, always the same ones', () => {
    const share = ids.filter(isSampled).length / ids.length;
    expect(share).toBeGreaterThan(0.18);
    expect(share).toBeLessThan(0.22);
    expect(ids.filter(isSampled)).toEqual(ids.filter(isSampled));
  });

  const sampled = ids.find(isSampled)!;
  const unsampled = ids.find((id) => !isSampled(id))!;
  const vectors = (texts: readonly string[]) => Promise.resolve(texts.map(() => Float32Array.of(1, 0)));
  function looked(of: Partial<PassageToAssess>, options: Partial<AssessorOptions> = {}) {
    const embedder = createAssessor({ baseline, engine: null, embed: vectors, ...options });
    const one = passage({ text: 'She ran. She fell.', previous: ['He waited.'], ...of });
    return embedder.deepen(one, embedder.assess(one, 5), NEVER);
  }

  it('J4: and every one that is under a fast threshold', async () => {
    expect(await looked({ passageId: unsampled })).toBeNull();
    const worse = await looked({ passageId: unsampled, engagement: 0.1 });
    expect(worse).toMatchObject({
      at: 5,
      scores: { embedding_coherence: 1, user_engagement: 0.1, judge_coherence: null },
      below: ['user_engagement'],
    });
    expect(await looked({ passageId: sampled })).toMatchObject({
      scores: { embedding_coherence: 1 },
      methods: { embedding_coherence: 'D3-raw/1' },
    });
  });

  it('J4: is null where there is nothing to look with, or it fails', async () => {
    expect(await looked({ passageId: sampled }, { embed: null })).toBeNull();
    expect(await looked({ passageId: sampled }, { embed: () => Promise.resolve(null) })).toBeNull();
    expect(await looked({ passageId: sampled }, { embed: () => Promise.reject(new Error('x')) })).toBeNull();
    expect(await looked({ passageId: sampled, text: 'One sentence.' })).toBeNull();
    expect(await looked({ passageId: sampled, previous: [] })).toBeNull();
  });

  it('J4: turned vectors are less coherent', async () => {
    const turned = (texts: readonly string[]) =>
      Promise.resolve(texts.map((_, at) => Float32Array.of(Math.cos(at * 0.7), Math.sin(at * 0.7))));
    const found = await looked({ passageId: sampled }, { embed: turned });
    expect(found!.scores.embedding_coherence).toBeCloseTo((Math.cos(0.7) + Math.cos(1.05)) / 2, 5);
  });
});
