import { Store } from './store.ts';

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

/** The address of a session, with a secret when given. */
export function sessionUrl(sessionId: string, secret: LinkSecret = null): string {
  const fragment = secret === null ? '' : `#${secret.kind}=${secret.secret}`;
  return `${location.origin}/s/${sessionId}${fragment}`;
}

/** The place the page shows now. */
export const place = new Store<Place>(arrive());

window.addEventListener('popstate', () => {
  place.set(parsePlace(location.pathname));
});

// A link with a secret that is pasted over the same session's address changes only the fragment.
window.addEventListener('hashchange', () => {
  if (parseSecret(location.hash) !== null) location.reload();
});

/** Goes to another page of this app without loading anew. */
export function goTo(path: string): void {
  history.pushState(null, '', path);
  place.set(parsePlace(path));
  window.scrollTo(0, 0);
}

/** Reads the address the page was opened at, and takes its secret out of the address bar and the history. */
function arrive(): Place {
  const arrived = parsePlace(location.pathname);
  const secret = parseSecret(location.hash);
  if (secret !== null) history.replaceState(null, '', location.pathname);
  return arrived.kind === 'session' ? { ...arrived, secret } : arrived;
}
