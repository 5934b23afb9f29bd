import { describe, expect, it } from 'vitest';
import { ACTIONS, can, isMaster, type Action } from './roles.ts';
import type { Role } from './protocol.ts';

/** The table of docs/SPEC.md R5, written out on purpose: o = owner, g = game master, w = writer, s = spectator. */
const EXPECTED: Record<Action, string> = {
  'read-story': 'ogws',
  'talk': 'ogws',
  'rename-self': 'ogws',
  'export': 'ogws',
  'write': 'ogw',
  'ask-narrator': 'ogw',
  'choose-alternative': 'ogw',
  'play-cast': 'ogw',
  'use-safety-tools': 'ogws',
  'report': 'ogws',
  'appeal': 'ogws',
  'review': 'og',
  'direct-narrator': 'og',
  'restrain-players': 'og',
  'edit-any-passage': 'og',
  'read-private-drafts': 'og',
  'direct-turns': 'og',
  'change-settings': 'og',
  'change-cast': 'og',
  'invite': 'og',
  'remove-players': 'og',
  'change-roles': 'o',
  'direct-story': 'og',
  'save-checkpoints': 'ogw',
  'edit-memory': 'ogw',
  'purge': 'o',
};
const LETTERS: [Role, string][] = [
  ['owner', 'o'],
  ['gm', 'g'],
  ['writer', 'w'],
  ['spectator', 's'],
];

describe('roles', () => {
  it('R5: every role may do exactly what the table says', () => {
    expect(ACTIONS.toSorted()).toEqual(Object.keys(EXPECTED).toSorted());
    for (const action of ACTIONS) {
      const allowed = LETTERS.filter(([role]) => can(role, action)).map(([, letter]) => letter);
      expect(`${action}: ${allowed.join('')}`).toBe(`${action}: ${EXPECTED[action]}`);
    }
    expect(LETTERS.filter(([role]) => isMaster(role)).map(([role]) => role)).toEqual(['owner', 'gm']);
  });
});
