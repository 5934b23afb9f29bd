import { expect, it } from 'vitest';
import { createLog } from './log.ts';

function logged(level: string, write: (log: ReturnType<typeof createLog>) => void): string[] {
  const lines: string[] = [];
  write(createLog(level, { write: (line) => lines.push(line) }));
  return lines;
}

it('writes one JSON line with event and fields', () => {
  const [line = ''] = logged('info', (log) => log.info({ session: 's1' }, 'session-loaded'));
  expect(JSON.parse(line)).toMatchObject({ level: 'info', event: 'session-loaded', session: 's1' });
});

it('hides secrets, names and texts, also inside objects', () => {
  const headers = { cookie: 'taleloom_id=abc', authorization: 'Bearer abc' };
  const fields = {
    ticket: 'abc',
    request: { headers },
    player: { name: 'abc' },
    draft: { text: 'abc' },
    invite: 'abc',
  };
  const [line = ''] = logged('info', (log) => log.info(fields, 'test'));
  expect(line).not.toContain('abc');
  expect(line).toContain('[hidden]');
});

it('keeps the message of an error, which is what the operator needs', () => {
  const [line = ''] = logged('info', (log) => log.error({ err: new Error('disk on fire') }, 'append-failed'));
  expect(line).toContain('disk on fire');
});

it('leaves out what is below its level', () => {
  expect(logged('warn', (log) => log.info('quiet'))).toEqual([]);
});
