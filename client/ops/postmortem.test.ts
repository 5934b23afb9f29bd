import { expect, it } from 'vitest';
import { postmortemDraft } from './postmortem.ts';

it('Y9: a postmortem begins with what is known, in the order of time', () => {
  const draft = postmortemDraft({
    id: 'i1',
    title: 'Narrator slow',
    kind: 'availability',
    openedAt: Date.UTC(2026, 0, 2, 3, 4),
    closedAt: null,
    dueAt: null,
    steps: [
      { step: 'triage', guide: '', doneAt: Date.UTC(2026, 0, 2, 3, 20), note: 'All sessions.' },
      { step: 'isolate', guide: '', doneAt: null, note: 'unsaid' },
      { step: 'mitigate', guide: '', doneAt: Date.UTC(2026, 0, 2, 3, 10), note: 'Flag on.' },
      { step: 'postmortem', guide: '', doneAt: Date.UTC(2026, 0, 3), note: 'old' },
    ],
  });
  expect(draft.split('\n').slice(0, 7)).toEqual([
    '# Narrator slow',
    '',
    '## Summary',
    '',
    '## Timeline',
    '',
    '- 2026-01-02 03:04 UTC: opened',
  ]);
  expect(draft).toContain(
    '03:10 UTC: Mitigate. Flag on.\n- 2026-01-02 03:20 UTC: Triage. All sessions.\n\n## Causes',
  );
  expect(draft).not.toContain('unsaid');
  expect(draft).not.toContain('old');
});
