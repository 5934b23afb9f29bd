import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HARMS } from '../../sessions/moderator.ts';
import { GENRES } from '../../sessions/protocol.ts';
import { allowedFor, loadPolicy, narrativeAppropriateness, parsePolicy, PolicyError } from './policy.ts';
import { requestOf } from '../../test/support/screen-requests.ts';

const yaml = await readFile(join(import.meta.dirname, 'default.yaml'), 'utf8');
const policy = parsePolicy(yaml);

describe('the default policy', () => {
  it('is found without a path', async () => {
    expect((await loadPolicy(null)).hash).toBe(policy.hash);
  });

  it('allows no rating more than a more grown-up one', () => {
    for (const harm of HARMS) {
      expect(policy.allowed.everyone[harm]).toBeLessThanOrEqual(policy.allowed.teen[harm]);
      expect(policy.allowed.teen[harm]).toBeLessThanOrEqual(policy.allowed.mature[harm]);
    }
  });

  it('rates severity 3 at teen as 0.5 appropriate where 1 is allowed (D15)', () => {
    const allowed = allowedFor(policy, requestOf().rules, 'story', 'violence');
    expect(allowed).toBe(1);
    expect(narrativeAppropriateness(3, allowed)).toBe(0.5);
  });

  it('never allows sexual content with minors, threats, personal data or harmful instructions', () => {
    for (const harm of ['sexual_minors', 'real_person', 'privacy', 'instructions_harm'] as const)
      for (const genre of GENRES)
        for (const rating of ['everyone', 'teen', 'mature'] as const)
          expect(allowedFor(policy, requestOf({ rules: { rating, genre } }).rules, 'story', harm)).toBe(0);
    expect(policy.depiction).not.toContain('sexual_minors');
  });

  it('is only ever tightened by a table', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...HARMS),
        fc.constantFrom(...GENRES),
        fc.integer({ min: 0, max: 4 }),
        (harm, genre, level) => {
          const free = allowedFor(policy, requestOf({ rules: { genre } }).rules, 'story', harm);
          const bound = requestOf({ rules: { genre, levels: { [harm]: level } } }).rules;
          expect(allowedFor(policy, bound, 'story', harm)).toBe(Math.min(free, level));
        },
      ),
    );
  });
});

describe('the hash of a policy', () => {
  it('does not see comments and order', () => {
    expect(parsePolicy(`# another comment\n${yaml}`).hash).toBe(policy.hash);
    const moved = yaml.replace(/^version: .*\n/m, '');
    expect(parsePolicy(`${moved}\nversion: '${policy.version}'\n`).hash).toBe(policy.hash);
  });

  it('changes with every value that changes', () => {
    const changes = [
      yaml.replace(/^version: .*$/m, "version: 'other'"),
      yaml.replace('violence: 3', 'violence: 2'),
      yaml.replace('horror: { violence: 1 }', 'horror: { violence: 0 }'),
      yaml.replace('impact: 0.5', 'impact: 0.6'),
      yaml.replace('outcome: hold_for_gm', 'outcome: block'),
    ];
    const hashes = changes.map((each) => parsePolicy(each).hash);
    expect(new Set([...hashes, policy.hash]).size).toBe(changes.length + 1);
    for (const hash of hashes) expect(hash).toMatch(/^[0-9a-f]{12}$/);
  });
});

describe('a policy that cannot be used', () => {
  const refused = (text: string) => () => parsePolicy(text);

  it('is refused with the place named', () => {
    expect(refused(`${yaml}\nextra: 1\n`)).toThrow(/extra/);
    expect(refused(yaml.replace('violence: 3', 'violence: 7'))).toThrow(/allowed\.mature\.violence/);
    expect(refused(yaml.replace('horror: { violence: 1 }', 'horror: { violence: 2 }'))).toThrow(
      /genres\.horror\.violence/,
    );
    expect(refused(yaml.replace(/^ {2}spam: This.*$/m, ''))).toThrow(/reasons/);
    expect(refused(yaml.replace('[0.6, 1], [0.9, 2]', '[0.9, 1], [0.6, 2]'))).toThrow(/bands\.hate/);
  });

  it('is refused when it is no YAML or not there', async () => {
    expect(refused('a: [')).toThrow(PolicyError);
    expect(refused('')).toThrow(PolicyError);
    await expect(loadPolicy('/nowhere/policy.yaml')).rejects.toThrow(/cannot read/);
  });
});
