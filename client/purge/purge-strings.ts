import { count, listed } from '../string-parts.ts';

// The words of removing texts for good; what strings.ts is for the rest of the client.

const WORD = 'remove';

/** The text of the purge dialog. */
export const PURGE = {
  menu: 'Remove for good…',
  title: 'Remove for good',
  what: (parts: string[]) => `${listed(parts)}:`,
  passages: (n: number) => count(n, 'passage', 'passages'),
  lines: (n: number) => count(n, 'line of table talk', 'lines of table talk'),
  goesTitle: 'This goes, everywhere on this server',
  goes: [
    'the text, all its alternatives and every earlier version, in the history of the story too',
    'what the narrator remembers of it, and what is kept of what the narrator saw',
    'copies that game masters judged, and copies in exports made from now on',
  ],
  staysTitle: 'This cannot be called back',
  stays: [
    'what people have seen, and pages that are offline, until they are back',
    'exports and copies that people have saved',
    'backups that the operator of this server has made',
  ],
  place: 'The place stays, marked as removed, with its time and author. This cannot be undone.',
  type: `Type “${WORD}” to go on`,
  word: WORD,
  yes: 'Remove it for good',
  done: 'It is removed for good.',
} as const;
