/** Where the page stands: the start page, a session, or the operator's page. */
export type Place =
  | { kind: 'home' }
  | { kind: 'session'; sessionId: string; secret: LinkSecret }
  /** `tab` '' is its first page; `id`: the turn, incident or session that the page is about. */
  | { kind: 'ops'; tab: string; id: string | null }
  | { kind: 'unknown' };

/** A secret that came in the fragment of a link. */
export type LinkSecret = { kind: 'invite' | 'recover'; secret: string } | null;

/** Reads a path of the address bar. */
export function parsePlace(path: string): Place {
  if (path === '/' || path === '') return { kind: 'home' };
  const ops = /^\/ops(?:\/([a-z-]{1,20})(?:\/([\w-]{1,64}))?)?\/?$/.exec(path);
  if (ops !== null) return { kind: 'ops', tab: ops[1] ?? '', id: ops[2] ?? null };
  const sessionId = /^\/s\/([0-9a-z]{1,40})\/?$/.exec(path)?.[1];
  return sessionId === undefined ? { kind: 'unknown' } : { kind: 'session', sessionId, secret: null };
}

/** Reads an invite or recovery secret out of a fragment. */
export function parseSecret(fragment: string): LinkSecret {
  const match = /^#(invite|recover)=([0-9a-f]{32})$/.exec(fragment);
  if (match?.[2] === undefined) return null;
  return { kind: match[1] === 'recover' ? 'recover' : 'invite', secret: match[2] };
}
