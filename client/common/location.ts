import { parsePlace, parseSecret, type LinkSecret, type Place } from './place.ts';
import { Store } from './store.ts';

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
