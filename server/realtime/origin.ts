import type { IncomingMessage } from 'node:http';

/**
 * Whether a request may come from the page it comes from: the public URL's origin when one is configured,
 * else the very host it was sent to. Programs other than browsers send no Origin; they carry no cookies of
 * other people and pass.
 */
export function isOwnOrigin(request: IncomingMessage, publicUrl: string | null): boolean {
  const { origin, host } = request.headers;
  if (origin === undefined) return true;
  if (publicUrl !== null && origin === new URL(publicUrl).origin) return true;
  try {
    return new URL(origin).host === host;
  } catch {
    return false;
  }
}
