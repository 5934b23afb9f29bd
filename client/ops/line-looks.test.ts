import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DASHES } from './line-looks.ts';

const css = (name: string): string => readFileSync(join(import.meta.dirname, '../styles', name), 'utf8');

/** The colours that a style sheet gives to variables in the light scheme, or in the dark one. */
function coloursOf(sheet: string, isDark: boolean): Map<string, string> {
  const head = isDark ? ":root[data-mantine-color-scheme='dark'] {" : ':root {';
  const start = sheet.indexOf(head);
  expect(start).toBeGreaterThanOrEqual(0);
  const block = sheet.slice(start, sheet.indexOf('}', start));
  return new Map([...block.matchAll(/(--[\w-]+): (#[0-9a-f]{6});/g)].map((match) => [match[1]!, match[2]!]));
}

/** Relative luminance of WCAG 2.2. */
function luminance(colour: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
}

function contrast(one: string, other: string): number {
  const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high! + 0.05) / (low! + 0.05);
}

describe.each([
  ['light', false],
  ['dark', true],
])('looks of the charts, %s', (_name, isDark) => {
  const surface = coloursOf(css('page.css'), isDark).get('--surface')!;
  const own = coloursOf(css('ops.css'), isDark);

  it('every line and bar has 3:1 against its background', () => {
    const names = [...own.keys()].filter((name) => /^--line-\d$|-fill$/.test(name));
    expect(names).toHaveLength(DASHES.length + 3);
    for (const name of names) expect(contrast(own.get(name)!, surface), name).toBeGreaterThanOrEqual(3);
  });

  it('words of a state have 4.5:1 against theirs', () => {
    for (const state of ['ok', 'warn'])
      expect(contrast(own.get(`--${state}`)!, own.get(`--${state}-soft`)!), state).toBeGreaterThanOrEqual(
        4.5,
      );
  });
});
