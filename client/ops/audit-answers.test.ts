import { expect, it } from 'vitest';
import { auditState, verdictText } from './audit-answers.ts';

it('U4: a verification tells how much is whole, or the first bad place', () => {
  expect(verdictText({ ok: true, size: 12_041, count: 0, findings: [] })).toBe(
    'All 12,041 records are as they were written.',
  );
  const found = verdictText({
    ok: false,
    size: 9,
    count: 3,
    findings: [
      { part: 'record', index: 4, what: 'The hash is another.' },
      { part: 'file', index: null, what: 'gone' },
    ],
  });
  expect(found).toContain('3 findings, the first: record, record 4: The hash is another.');
  expect(verdictText({ ok: false, size: 0, count: 1, findings: [] })).toContain('1 finding');
});

it('U4: a log that was not looked at is not called whole', () => {
  const audit = { size: 4, root: '', checkpointAt: null, verifiedAt: null, ok: true };
  expect(auditState(audit).state).toBe('insufficient');
  expect(auditState({ ...audit, verifiedAt: 5 }).state).toBe('green');
  expect(auditState({ ...audit, ok: false }).state).toBe('red');
});
