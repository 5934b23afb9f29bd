import { count } from '../string-parts.ts';
import type { WhyNot } from './memory-rows.ts';

// The words of the narrator's memory; what strings.ts is for the rest of the client.

/** The text of the memory panel. */
export const MEMORY = {
  menu: 'What the narrator knows…',
  title: 'What the narrator knows',
  intro:
    'Besides the newest passages the narrator is told this. Each note stands on passages; when one of them goes or changes, the note counts no longer, by itself.',
  none: 'Nothing yet: the story is short enough to be told whole.',
  list: 'What counts now',
  pinned: 'Always told',
  facts: 'Told as far as there is room',
  outdated: (n: number) => `${count(n, 'note does', 'notes do')} not count now`,
  whyNot: {
    gone: 'its passage is gone',
    purged: 'its passage was removed for good',
    struck: 'its passage was taken out of the story',
    held: 'its passage is out of sight',
    branch: 'its passage is on another branch',
    edited: 'its passage has changed since',
  } satisfies Record<WhyNot, string>,
  counts: (why: string) => `Does not count: ${why}.`,
  kinds: { fact: 'fact', summary: 'summary' },
  sceneSummary: 'summary of a scene',
  by: (name: string) => `by ${name}`,
  byYou: 'by you',
  noted: 'noted by the narrator',
  written: 'written by hand, stands on no passage',
  from: 'From:',
  goTo: (excerpt: string) => `Go to the passage “${excerpt}”`,
  passageAway: 'a passage that is not in the story now',
  morePassages: (n: number) => `and ${n} more`,
  add: 'Add something the narrator should know',
  addHint: 'It is pinned: always told, until somebody deletes it.',
  text: 'What the narrator should know',
  edit: (text: string) => `Change “${text}”`,
  pin: (text: string) => `Always tell “${text}”`,
  unpin: (text: string) => `No longer always tell “${text}”`,
  pinShort: 'Pin',
  unpinShort: 'Unpin',
  editShort: 'Change',
  deleteShort: 'Delete',
  delete: (text: string) => `Delete “${text}”`,
  deleteAsk: 'Delete it? The narrator is no longer told.',
  keep: 'Keep it',
  readOnly: 'You are reading along: writers and game masters change this.',
} as const;
