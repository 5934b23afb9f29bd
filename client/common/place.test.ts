import { describe, expect, it } from 'vitest';
import { parsePlace, parseSecret } from './place.ts';

const secret = '0123456789abcdef0123456789abcdef';

describe('parsePlace', () => {
  it('knows the start page and sessions, and nothing else', () => {
    expect(parsePlace('/')).toEqual({ kind: 'home' });
    expect(parsePlace('/s/abc123')).toEqual({ kind: 'session', sessionId: 'abc123', secret: null });
    expect(parsePlace('/s/abc123/')).toEqual({ kind: 'session', sessionId: 'abc123', secret: null });
    expect(parsePlace('/s/ABC')).toEqual({ kind: 'unknown' });
    expect(parsePlace('/s/abc/more')).toEqual({ kind: 'unknown' });
  });

  it('knows the pages of operators', () => {
    expect(parsePlace('/ops')).toEqual({ kind: 'ops', tab: '', id: null });
    expect(parsePlace('/ops/on-call/')).toEqual({ kind: 'ops', tab: 'on-call', id: null });
    expect(parsePlace('/ops/turns/t0_-9')).toEqual({ kind: 'ops', tab: 'turns', id: 't0_-9' });
    expect(parsePlace('/opsy')).toEqual({ kind: 'unknown' });
    expect(parsePlace('/ops/turns/a/b')).toEqual({ kind: 'unknown' });
    expect(parsePlace('/ops/turns/%3Cb%3E')).toEqual({ kind: 'unknown' });
  });
});

describe('parseSecret', () => {
  it('reads invite and recovery secrets', () => {
    expect(parseSecret(`#invite=${secret}`)).toEqual({ kind: 'invite', secret });
    expect(parseSecret(`#recover=${secret}`)).toEqual({ kind: 'recover', secret });
  });

  it('takes nothing else for a secret', () => {
    expect(parseSecret('')).toBeNull();
    expect(parseSecret('#story')).toBeNull();
    expect(parseSecret(`#invite=${secret}0`)).toBeNull();
    expect(parseSecret(`#invite=${secret.toUpperCase()}`)).toBeNull();
  });
});
