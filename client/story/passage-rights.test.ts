import { describe, expect, it } from 'vitest';
import type { Passage } from '../../sessions/story-shape.ts';
import { passageRights } from './passage-rights.ts';

const passage = (part: Partial<Passage>): Passage => ({
  id: 'p',
  kind: 'player',
  by: 'ana',
  turnId: 't',
  castId: null,
  createdAt: 0,
  state: 'shown',
  rollbackId: null,
  isPurged: false,
  chosen: 0,
  alternatives: [{ id: 'a', state: 'complete', at: 0, edits: 0, editedAt: null, info: {}, spans: [] }],
  ...part,
});
const narrated = passage({ kind: 'narrator', by: 'narrator' });

describe('passageRights', () => {
  it('lets writers reopen and strike their own passages only', () => {
    expect(passageRights(passage({}), { playerId: 'ana', role: 'writer' })).toMatchObject({
      mayReopen: true,
      mayStrike: true,
      mayRetry: false,
    });
    expect(passageRights(passage({}), { playerId: 'bo', role: 'writer' })).toMatchObject({
      mayReopen: false,
      mayStrike: false,
    });
  });

  it('lets game masters change every passage, and writers retry the narrator', () => {
    expect(passageRights(narrated, { playerId: 'gm', role: 'gm' })).toMatchObject({
      mayReopen: true,
      mayRetry: true,
    });
    expect(passageRights(narrated, { playerId: 'bo', role: 'writer' })).toMatchObject({
      mayReopen: false,
      mayRetry: true,
      mayChoose: true,
    });
  });

  it('takes away from a former writer what a spectator may not do', () => {
    expect(Object.values(passageRights(passage({}), { playerId: 'ana', role: 'spectator' }))).not.toContain(
      true,
    );
  });

  it('leaves a passage alone while the narrator writes in it', () => {
    const busy = passage({
      kind: 'narrator',
      by: 'narrator',
      alternatives: [{ id: 'a', state: 'streaming', at: 0, edits: 0, editedAt: null, info: {}, spans: [] }],
    });
    expect(passageRights(busy, { playerId: 'gm', role: 'owner' })).toMatchObject({
      mayReopen: false,
      mayStrike: false,
      mayRetry: false,
      mayChoose: false,
    });
  });
});
