import { readStored, writeStored } from './browser-storage.ts';

/** A session this browser has been in. */
export interface RecentSession {
  id: string;
  title: string;
  at: number;
}

const KEY = 'taleloom:recent';
const KEPT = 12;

/** Sessions of this browser, latest first. */
export function recentSessions(): RecentSession[] {
  const stored = readStored<RecentSession[]>(KEY);
  return Array.isArray(stored) ? stored : [];
}

/** Notes that a session was opened. */
export function rememberSession(id: string, title: string, at: number): void {
  const others = recentSessions().filter((session) => session.id !== id);
  writeStored(KEY, [{ id, title, at }, ...others].slice(0, KEPT));
}

/** Takes a session off the list. */
export function forgetSession(id: string): RecentSession[] {
  const rest = recentSessions().filter((session) => session.id !== id);
  writeStored(KEY, rest);
  return rest;
}
