/** Where the page stands: the start page or a session. */
export type Place =
  { kind: 'home' } | { kind: 'session'; sessionId: string; secret: LinkSecret } | { kind: 'unknown' };

/** A secret that came in the fragment of a link. */
export type LinkSecret = { kind: 'invite' | 'recover'; secret: string } | null;

/** Reads a path of the address bar. */
export function parsePlace(path: string): Place {
  if (path === '/' || path === '') return { kind: 'home' };
  const sessionId = /^\/s\/([0-9a-z]{1,40})\/?$/.exec(path)?.[1];
  return sessionId === undefined ? { kind: 'unknown' } : { kind: 'session', sessionId, secret: null };
}

/** Reads an invite or recovery secret out of a fragment. */
export function parseSecret(fragment: string): LinkSecret {
  const match = /^#(invite|recover)=([0-9a-f]{32})$/.exec(fragment);
  if (match?.[2] === undefined) return null;
  return { kind: match[1] === 'recover' ? 'recover' : 'invite', secret: match[2] };
}
