import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '..');
const SKIPPED = new Set(['node_modules', 'dist', 'data', '.git', 'peers', 'coverage']);

function testFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (SKIPPED.has(entry.name)) return [];
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return testFiles(path);
    return /\.test\.tsx?$/.test(entry.name) || path.includes('-suite.') ? [path] : [];
  });
}

/** Ids that docs/SPEC.md defines: `- **T2** ...` or the first cell of a table. */
export function idsOfSpec(text: string): string[] {
  return [...text.matchAll(/^(?:- |\| )\*\*([A-Z]\d+)\*\*/gm)].map((match) => match[1]!);
}

/** Ids at the start of test names: `it('T2: ...')`, `it('T1 and T5: ...')`, `it('D1, D4: ...')`. */
export function idsOfTests(source: string): string[] {
  const names = source.matchAll(/\b(?:it|test)(?:\.\w+(?:\([^)]*\))?)*\(\s*(['"`])((?:(?!\1)[^\\]|\\.)*)\1/g);
  return [...names].flatMap((match) => {
    const head = /^([A-Z]\d+(?:(?:, | and )[A-Z]\d+)*): /.exec(match[2]!)?.[1];
    return head?.match(/[A-Z]\d+/g) ?? [];
  });
}

describe('docs/SPEC.md', () => {
  const ids = idsOfSpec(readFileSync(join(ROOT, 'docs/SPEC.md'), 'utf8'));
  const files = testFiles(ROOT).filter((path) => path !== import.meta.filename);
  const used = new Map(files.map((path) => [path, idsOfTests(readFileSync(path, 'utf8'))] as const));

  it('has unique ids, all the groups, and enough files to look at', () => {
    expect(ids.length).toBeGreaterThan(60);
    expect(new Set(ids).size).toBe(ids.length);
    expect([...new Set(ids.map((id) => id[0]))].join('')).toBe('RWATNDCXPQHSMOBKEGVJFUYL');
    expect(files.length).toBeGreaterThan(20);
    expect([...used.values()].flat().length).toBeGreaterThan(100);
  });

  it('has every id that a test names', () => {
    const unknown = [...used].flatMap(([path, named]) =>
      named.filter((id) => !ids.includes(id)).map((id) => `${id} in ${path}`),
    );
    expect(unknown).toEqual([]);
  });

  it('lists the rules that no test names, as a warning', () => {
    const named = new Set([...used.values()].flat());
    const missing = ids.filter((id) => !named.has(id));
    if (missing.length > 0) console.warn(`Rules without a test: ${missing.join(', ')}`);
  });

  it('is read as it should be: planted names and ids are found', () => {
    const planted = "it('Z9: x', f); test.each(list)('D1, D4: y', f); it(`T1 and T5: z`, f); it('no id', f)";
    expect(idsOfTests(planted)).toEqual(['Z9', 'D1', 'D4', 'T1', 'T5']);
    expect(idsOfSpec('- **A1** x\n| **L1** | y |\nsee **B2**')).toEqual(['A1', 'L1']);
  });
});
