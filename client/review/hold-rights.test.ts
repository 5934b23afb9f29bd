import { describe, expect, it } from 'vitest';
import type { HoldView } from '../../sessions/safety-view.ts';
import { holdRights } from './hold-rights.ts';

const hold = (part: Partial<HoldView>) =>
  ({ kind: 'passage', state: 'open', appeal: null, mayUndo: false, ...part }) as HoldView;
const names = (part: Partial<HoldView>) =>
  Object.entries(holdRights(hold(part)))
    .filter(([, label]) => label !== null)
    .map(([name]) => name);

describe('holdRights', () => {
  it.each([
    ['a held passage', {}, ['approve', 'edit', 'reject', 'revise']],
    ['what an X-card hid', { kind: 'hidden' }, ['approve', 'edit', 'reject']],
    ['a suggestion', { kind: 'whisper' }, ['approve', 'edit', 'reject', 'revise']],
    ['a refused text without an appeal', { state: 'refused' }, []],
    ['an appeal', { state: 'refused', appeal: 'A quote.' }, ['approve', 'edit', 'reject']],
    ['an appeal about a name', { kind: 'note', state: 'refused', appeal: 'A name.' }, ['approve', 'reject']],
    ['a decided text', { state: 'approved', mayUndo: true }, ['undo']],
    ['an old decision', { state: 'rejected' }, []],
  ] as const)('%s', (_what, part, rights) => {
    expect(names(part as Partial<HoldView>)).toEqual(rights);
  });
});
