/** Name of the cookie by which a browser is known again. */
const IDENTITY_COOKIE = 'taleloom_id';

/** The longest that browsers keep a cookie. */
const MAX_AGE_SECONDS = 400 * 24 * 60 * 60;
/** Longest Cookie header that is looked at. */
const MAX_HEADER_LENGTH = 16 * 1024;
const IDENTITY = /^[0-9a-f]{32}$/;

/** The browser identity (32 hex digits) in a Cookie header; null when there is none that is well formed. */
export function readIdentity(cookieHeader: string | undefined): string | null {
  if (cookieHeader === undefined || cookieHeader.length > MAX_HEADER_LENGTH) return null;
  for (const pair of cookieHeader.split(';')) {
    const [name, value] = pair.trim().split('=', 2);
    if (name === IDENTITY_COOKIE && value !== undefined && IDENTITY.test(value)) return value;
  }
  return null;
}

/** The Set-Cookie value that gives a browser its identity; secret from scripts and from other sites. */
export function identityCookie(identity: string, of: { isSecure: boolean }): string {
  const secure = of.isSecure ? '; Secure' : '';
  return `${IDENTITY_COOKIE}=${identity}; Path=/; Max-Age=${MAX_AGE_SECONDS}; HttpOnly; SameSite=Lax${secure}`;
}
