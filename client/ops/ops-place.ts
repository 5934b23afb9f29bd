/** The pages of the operator, in the order of their list. */
export const TABS = [
  'overview',
  'executive',
  'on-call',
  'debug',
  'objectives',
  'versions',
  'sessions',
  'turns',
  'moderation',
  'flags',
  'incidents',
  'audit',
] as const;
export type Tab = (typeof TABS)[number];

/** The page of an address; null: there is none. */
export function tabOf(word: string): Tab | null {
  return word === '' ? 'overview' : (TABS.find((tab) => tab === word) ?? null);
}

/** The address of a page, with the turn, incident or session that it is about. */
export function opsPath(tab: Tab, id: string | null = null): string {
  const base = tab === 'overview' ? '/ops' : `/ops/${tab}`;
  return id === null ? base : `${base}/${encodeURIComponent(id)}`;
}
