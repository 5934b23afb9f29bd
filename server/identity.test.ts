import { describe, expect, it } from 'vitest';
import { identityCookie, readIdentity } from './identity.ts';

const id = '0123456789abcdef0123456789abcdef';

describe('readIdentity', () => {
  it.each([
    [`taleloom_id=${id}`, id],
    [`a=b; taleloom_id=${id}; c=d`, id],
    [`a=b;taleloom_id=${id}`, id],
    [`taleloom_id=broken; taleloom_id=${id}`, id],
    [undefined, null],
    ['', null],
    ['taleloom_id', null],
    ['taleloom_id=', null],
    [`taleloom_id=${id}0`, null],
    [`taleloom_id=${id.toUpperCase()}`, null],
    [`xtaleloom_id=${id}`, null],
    [`taleloom_id="${id}"`, null],
    [`${'a=b; '.repeat(10_000)}taleloom_id=${id}`, null],
    ['=;=;;__proto__=1', null],
  ])('of %j', (header, identity) => {
    expect(readIdentity(header)).toBe(identity);
  });
});

describe('identityCookie', () => {
  it('is read back, and is closed to scripts and other sites', () => {
    const cookie = identityCookie(id, { isSecure: true });
    expect(readIdentity(cookie)).toBe(id);
    expect(cookie).toBe(`taleloom_id=${id}; Path=/; Max-Age=34560000; HttpOnly; SameSite=Lax; Secure`);
  });

  it('works without https', () => {
    expect(identityCookie(id, { isSecure: false })).not.toContain('Secure');
  });
});
