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
