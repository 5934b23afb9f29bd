import { describe, expect, it } from 'vitest';
import type { OpsSession } from '../../sessions/ops-view.ts';
import { fieldsText, isId } from './log-text.ts';
import { opsPath, tabOf, TABS } from './ops-place.ts';
import { sortedSessions } from './session-rows.ts';

describe('lists of the operator’s page', () => {
  it('Y6: tells the fields of a log line as they are, bounded', () => {
    expect(fieldsText({})).toBe('');
    expect(
      fieldsText({ ms: 12, outcome: 'committed', why: 'no slot', of: { a: [1] }, gone: undefined }),
    ).toBe('ms=12 outcome=committed why="no slot" of={"a":[1]} gone=');
    expect(fieldsText({ long: 'x'.repeat(5_000) })).toHaveLength(2_001);
  });

  it('asks about ids only', () => {
    expect(['abc123', '9'].map(isId)).toEqual([true, true]);
    expect(['', 'a b', '../me', 'A', 'a'.repeat(41)].some(isId)).toBe(false);
  });

  it('unhealthy sessions come first, then the lately active', () => {
    const session = (id: string, health: OpsSession['health'], activeAt: number): OpsSession => ({
      id,
      health,
      activeAt,
      issues: [],
      reasons: [],
      present: 1,
      passages: 0,
      narratorWaiting: 0,
      waitingForReview: 0,
      quality: {},
    });
    const list = [
      session('a1', 'green', 9),
      session('b1', 'yellow', 1),
      session('a2', 'red', 1),
      session('a3', 'red', 5),
    ];
    const ids = (of: Parameters<typeof sortedSessions>[1]) => sortedSessions(list, of).map(({ id }) => id);
    expect(ids({ health: null, text: '' })).toEqual(['a3', 'a2', 'b1', 'a1']);
    expect(ids({ health: 'red', text: '' })).toEqual(['a3', 'a2']);
    expect(ids({ health: null, text: ' A' })).toEqual(['a3', 'a2', 'a1']);
  });

  it('every page has an address that leads to it', () => {
    for (const tab of TABS) expect(tabOf(opsPath(tab).split('/')[2] ?? '')).toBe(tab);
    expect(tabOf('nowhere')).toBeNull();
    expect(opsPath('turns', 'a/b')).toBe('/ops/turns/a%2Fb');
  });
});
