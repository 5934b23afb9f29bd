import { describe, expect, it } from 'vitest';
import { AppError } from '../sessions/errors.ts';
import { idScope, pseudonyms, withoutIds } from './log-ids.ts';
import { LogRing } from './log-ring.ts';
import { createLog, type LogOptions } from './log.ts';

type Log = ReturnType<typeof createLog>;

function logged(level: string, write: (log: Log) => void, options: Omit<LogOptions, 'destination'> = {}) {
  const lines: string[] = [];
  write(createLog(level, { ...options, destination: { write: (line) => lines.push(line) } }));
  return lines;
}

const parsed = (line: string | undefined) => JSON.parse(line ?? '') as Record<string, unknown>;

describe('lines', () => {
  it('Y6: are JSON with time, level in upper case, service, event and fields', () => {
    const [line] = logged('info', (log) => log.info({ session: 's1' }, 'session-loaded'));
    expect(parsed(line)).toEqual({
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/) as string,
      level: 'INFO',
      service: 'taleloom',
      event: 'session-loaded',
      session: 's1',
    });
  });

  it('Y6: hide secrets, names and texts, also inside objects', () => {
    const headers = { cookie: 'taleloom_id=abc', authorization: 'Bearer abc' };
    const fields = {
      ticket: 'abc',
      request: { headers },
      player: { name: 'abc' },
      draft: { text: 'abc' },
      invite: 'abc',
      list: [{ deep: { deeper: { name: 'abc' } } }],
    };
    const [line = ''] = logged('info', (log) => log.info(fields, 'test'));
    expect(line).not.toContain('abc');
    expect(line).toContain('[hidden]');
  });

  it('Y6: hold no configured secret, whichever field or message brought it there', () => {
    const secret = 'se"cret-of-\\operators';
    const [line = ''] = logged(
      'info',
      (log) =>
        log.error({ err: new Error(`no answer from https://u:${secret}@host`), where: secret }, 'test'),
      { secrets: [secret, null, 'e'] },
    );
    expect(line).not.toContain('cret-of');
    expect(parsed(line)).toMatchObject({ where: '[hidden]', event: 'test' });
  });

  it('keep the message and the calls of an error and of its cause, which is what the operator needs', () => {
    const cause = Object.assign(new Error('disk on fire'), { code: 'EIO' });
    const error = new AppError('STORAGE_UNAVAILABLE', { cause });
    const [line] = logged('info', (log) => log.error({ err: error }, 'append-failed'));
    expect(parsed(line).err).toMatchObject({
      type: 'AppError',
      code: 'STORAGE_UNAVAILABLE',
      stack: expect.stringContaining('log.test.ts') as string,
      cause: { message: 'disk on fire', code: 'EIO' },
    });
  });

  it('Y6: leave out what an error quotes or carries of a request', () => {
    const broken = (() => {
      try {
        return JSON.parse('{"said": canary words}') as Error;
      } catch (error) {
        return error as Error;
      }
    })();
    expect(broken.message).toContain('canary');
    Object.assign(broken, { body: 'canary body' });
    const fault = new AppError('INTERNAL', { cause: broken });
    const lines = logged('info', (log) => {
      log.error({ err: fault }, 'request-failed');
      log.error(broken, 'request-failed');
      log.error({ err: 'canary' }, 'request-failed');
      log.error({ cause: { inner: broken } }, 'request-failed');
    });
    expect(lines).toHaveLength(4);
    expect(lines.join('')).not.toContain('canary');
  });

  it('cut off what is too long', () => {
    const [line = ''] = logged('info', (log) => log.info({ what: 'x'.repeat(100_000) }, 'test'));
    expect(line.length).toBeLessThan(3_000);
    const endless: Record<string, unknown> = { long: 'x'.repeat(100_000) };
    endless.again = [endless];
    const [round = ''] = logged('info', (log) => log.info({ endless }, 'test'));
    expect(round.length).toBeLessThan(10_000);
  });

  it('Y6: below the level are left out, and the level changes at once', () => {
    const lines = logged('warn', (log) => {
      log.info('quiet');
      log.level = 'debug';
      log.debug('loud');
      log.level = 'info';
      log.debug('quiet again');
    });
    expect(lines.map((line) => parsed(line).event)).toEqual(['loud']);
  });
});

describe('ids', () => {
  it('Y6: are on every line of a piece of work, behind awaits too, and gone when it is over', async () => {
    const lines: string[] = [];
    const log = createLog('info', { destination: { write: (line) => lines.push(line) } });
    const scope = idScope({ request: 'r1', session: 's1' });
    let later: () => void = () => undefined;
    await scope.run(async () => {
      log.info('one');
      await Promise.resolve();
      await idScope({ player: 'p1' }).run(async () => {
        await Promise.resolve();
        log.info({ turn: 't1' }, 'two');
      });
      log.info({ session: 's2' }, 'of another');
      withoutIds(() => log.info('for many'));
      // A loop that this work has set going, and that goes on for others.
      void new Promise<void>((resolve) => (later = resolve)).then(() => log.info('afterwards'));
    });
    scope.end();
    later();
    await Promise.resolve();
    const ids = lines.map(parsed).map(({ event, request, session, turn, player }) => ({
      event,
      request,
      session,
      turn,
      player,
    }));
    expect(ids).toEqual([
      { event: 'one', request: 'r1', session: 's1' },
      { event: 'two', request: 'r1', session: 's1', turn: 't1', player: 'p1' },
      { event: 'of another', session: 's2' },
      { event: 'for many' },
      { event: 'afterwards' },
    ]);
  });

  it('Y6: a player is a keyed hash of 12 digits', () => {
    const [one, other] = [pseudonyms('a'.repeat(32)), pseudonyms('b'.repeat(32))];
    expect(one('p1')).toMatch(/^[0-9a-f]{12}$/);
    expect(one('p1')).toBe(pseudonyms('a'.repeat(32))('p1'));
    expect(new Set([one('p1'), one('p2'), other('p1')]).size).toBe(3);
  });
});

describe('the newest lines', () => {
  const query = { session: null, turn: null, request: null, level: null, event: null, limit: 100 };

  function filled(ring: LogRing, count: number): LogRing {
    logged(
      'trace',
      (log) => {
        for (let n = 0; n < count; n += 1)
          log[n % 10 === 0 ? 'warn' : 'debug'](
            { session: `s${n % 3}`, turn: `t${n}`, request: `r${n % 7}`, n },
            'line',
          );
      },
      { ring },
    );
    return ring;
  }

  it('Y6: are found by turn, session, request and level, oldest first', () => {
    const ring = filled(new LogRing(), 1_000);
    expect(ring.find({ ...query, turn: 't42' })).toEqual([
      {
        at: expect.any(Number) as number,
        level: 'DEBUG',
        event: 'line',
        session: 's0',
        turn: 't42',
        request: 'r0',
        fields: { n: 42 },
      },
    ]);
    expect(ring.find({ ...query, turn: 't4' })).toHaveLength(1);
    expect(ring.find({ ...query, session: 's1', limit: 1_000 })).toHaveLength(333);
    expect(ring.find({ ...query, request: 'r6', limit: 1_000 })).toHaveLength(142);
    expect(ring.find({ ...query, level: 'WARN', limit: 1_000 })).toHaveLength(100);
    expect(ring.find({ ...query, level: 'ERROR' })).toEqual([]);
    expect(ring.find({ ...query, event: 'other' })).toEqual([]);
    expect(ring.find({ ...query, limit: 3 }).map(({ fields }) => fields.n)).toEqual([997, 998, 999]);
  });

  it('are bounded in number', () => {
    const ring = filled(new LogRing({ maxLines: 50 }), 1_000);
    expect(ring.size.lines).toBe(50);
    expect(ring.find(query).map(({ fields }) => fields.n)).toEqual(
      Array.from({ length: 50 }, (_, n) => 950 + n),
    );
  });

  it('are bounded in bytes, and what is not ours is no line', () => {
    const ring = filled(new LogRing({ maxBytes: 10_000 }), 1_000);
    expect(ring.size.bytes).toBeLessThanOrEqual(10_000);
    expect(ring.size.bytes).toBeGreaterThan(9_000);
    expect(ring.find(query).at(-1)?.fields.n).toBe(999);
    const before = ring.size.lines;
    ring.add('x'.repeat(10_001));
    expect(ring.size.lines).toBe(before);
    for (const junk of ['not json', 'null', '{"level":"INFO"}', '{"level":30,"time":"2026-01-01T00:00:00Z"}'])
      ring.add(junk);
    expect(ring.find({ ...query, level: 'TRACE' }).at(-1)?.fields.n).toBe(999);
    expect(ring.find(query).at(-1)?.fields.n).toBe(999);
  });
});
