import type { CheckpointView } from '../../sessions/history-view.ts';
import { count, listed } from '../string-parts.ts';
import type { ChangeCounts, ChangeKind } from './changes.ts';

// The words of history, scenes and branches; what strings.ts is for the rest of the client.

const UNITS = [
  [24 * 3_600_000, 'day', 'days'],
  [3_600_000, 'hour', 'hours'],
  [60_000, 'minute', 'minutes'],
] as const;

/** How long ago something was, in whole minutes, hours or days. */
const ago = (ms: number): string => {
  const unit = UNITS.find(([unitMs]) => ms >= unitMs);
  if (unit === undefined) return 'just now';
  const [unitMs, one, many] = unit;
  return `${count(Math.floor(ms / unitMs), one, many)} ago`;
};

const passages = (n: number): string => count(n, 'passage', 'passages');

const COUNTED: Record<ChangeKind, (n: number) => string> = {
  added: (n) => `${passages(n)} added`,
  edited: (n) => `${n} edited`,
  struck: (n) => `${n} struck`,
  back: (n) => `${n} came back`,
  left: (n) => `${n} on another branch`,
  hidden: (n) => `${n} out of sight`,
};

const counted = (counts: ChangeCounts, rollbacks: number): string[] => [
  ...(Object.keys(COUNTED) as ChangeKind[]).flatMap((kind) =>
    counts[kind] > 0 ? [COUNTED[kind](counts[kind])] : [],
  ),
  ...(rollbacks > 0 ? [count(rollbacks, 'rollback', 'rollbacks')] : []),
];

/** The text of history, scenes and branches. */
export const HISTORY = {
  ago,
  passages,
  tab: 'History',
  parts: { timeline: 'Timeline', checkpoints: 'Checkpoints', branches: 'Branches' },
  partsLabel: 'Parts of the history',
  scene: {
    plain: 'A new scene',
    begin: 'New scene…',
    title: 'Begin a new scene',
    name: 'Title of the scene (may stay empty)',
    yes: 'Begin the scene',
  },
  story: {
    takenBack: (n: number) =>
      n === 1 ? 'A passage was taken back by a rollback.' : `${n} passages were taken back by a rollback.`,
    takenBackBy: (name: string, when: string) => `${name}, ${when}.`,
    lookBefore: 'Look at the story before that',
    undo: 'Take this rollback back…',
    unknown: 'This rollback is too old for its details to be kept.',
    purged: (names: string[], when: string) =>
      `The text of a passage by ${listed(names)} was removed for good (written ${when}).`,
    onBranch: (name: string) => `The table plays on the branch “${name}”.`,
    notShown: (name: string, when: string) => `The text of a passage by ${name} (${when}) is not shown.`,
  },
  menu: {
    branch: 'Continue from here differently…',
    rollback: 'Go back to here…',
    takeOut: 'Take out, with what builds on it…',
  },
  timeline: {
    slider: 'Moment of the story',
    earlier: 'One step earlier',
    later: 'One step later',
    list: 'What happened, newest first',
    filter: 'Show in the list',
    filters: {
      passage: 'Passages',
      scene: 'Scenes',
      checkpoint: 'Checkpoints',
      rollback: 'Rollbacks',
      branch: 'Branches',
    },
    more: (n: number) => `Show ${count(n, 'earlier entry', 'earlier entries')}`,
    none: 'Nothing of this kind has happened yet.',
    empty: 'The story has not begun.',
    show: 'Show the story then',
    nowIs: (what: string) => `Now: ${what}`,
    passage: (n: number, of: number) => `Passage ${n} of ${of}`,
    by: (what: string, name: string, when: string) => `${what}, by ${name}, ${when}`,
    when: (what: string, when: string) => `${what}, ${when}`,
    afterPassage: (what: string, n: number, of: number) => `${what}, after passage ${n} of ${of}`,
    scene: (title: string) => (title === '' ? 'New scene' : `Scene “${title}”`),
    checkpoint: (name: string) => (name === '' ? 'Checkpoint' : `Checkpoint “${name}”`),
    rollback: 'Rollback',
    branch: (name: string) => `Branch “${name}” began`,
    struck: 'struck out',
    takenBack: 'taken back',
    held: 'nobody may read it just now',
    purged: 'removed for good',
    wasUndone: 'was itself taken back',
  },
  past: {
    region: 'Story as it was',
    banner: (when: string) => `You are looking at the story as it was on ${when}.`,
    alone: 'Others are not disturbed; what you write joins the story of now.',
    onBranch: (name: string) => `The table played on the branch “${name}” then.`,
    now: 'Back to now',
    restore: 'Restore this state…',
    branch: 'Branch from here…',
    changes: 'What has changed since',
    loading: 'Fetching the story of then…',
    empty: 'Nothing had been written yet.',
    earlier: (n: number) => `Show ${count(n, 'earlier passage', 'earlier passages')}`,
    later: (n: number) => `Show ${count(n, 'further passage', 'further passages')}`,
  },
  changes: {
    kinds: {
      added: 'Added since',
      back: 'Came back since',
      struck: 'Struck out since',
      left: 'Not on the branch in play now',
      hidden: 'Out of sight now',
      edited: 'Edited since',
    } satisfies Record<ChangeKind, string>,
    takenBack: 'Taken back by a rollback since',
    none: 'Nothing has changed since then.',
    summary: (counts: ChangeCounts, rollbacks: number) =>
      `Since then: ${listed(counted(counts, rollbacks))}.`,
    unchanged: (n: number) => `${passages(n)} ${n === 1 ? 'stands as it was' : 'stand as they were'}`,
    addedStart: 'added: ',
    addedEnd: ' (end of what was added) ',
    removedStart: 'removed: ',
    removedEnd: ' (end of what was removed) ',
  },
  catchUp: {
    told: (when: string, counts: ChangeCounts, rollbacks: number) =>
      `Since you were here (${when}): ${counted(counts, rollbacks).join(', ')}.`,
    show: 'Show',
    label: 'What happened since you were here',
  },
  checkpoints: {
    save: 'Save a checkpoint…',
    title: 'Save a checkpoint',
    name: 'Name of the checkpoint',
    saved: (name: string) => `The checkpoint “${name}” is saved.`,
    list: 'Checkpoints, newest first',
    none: 'There are none yet. One is made at each new scene, every 25 passages, before each rollback, and when the table rests.',
    kinds: {
      named: 'saved by hand',
      scene: 'at a new scene',
      regular: 'made every 25 passages',
      rollback: 'made before a rollback',
      idle: 'made when the table rested',
    } satisfies Record<CheckpointView['kind'], string>,
    unnamed: {
      named: 'Checkpoint',
      scene: 'New scene',
      regular: 'Along the way',
      rollback: 'Before a rollback',
      idle: 'A rest',
    } satisfies Record<CheckpointView['kind'], string>,
    look: 'Look',
    lookAt: (name: string) => `Look at the story at “${name}”`,
    back: 'Go back to it…',
    backTo: (name: string) => `Go back to “${name}”…`,
    onBranch: (name: string) => `on “${name}”`,
  },
  branches: {
    main: 'Main story',
    tree: 'Branches of the story',
    inPlay: 'in play',
    own: (n: number) => (n === 0 ? 'no passages of its own' : `${passages(n)} of its own`),
    last: (name: string, when: string) => `last by ${name}, ${when}`,
    details: (name: string) => `About the branch “${name}”`,
    read: 'Read',
    compare: 'Compare with the one in play',
    switch: 'Switch to it…',
    rename: 'Rename…',
    hint: 'A branch shares the story up to a passage and goes its own way from there. Everybody may read every branch; the table plays on one.',
    create: 'Continue differently',
    createName: 'Name of the branch',
    createYes: 'Create the branch',
    createAfter: (name: string, excerpt: string) =>
      `The branch shares the story up to this passage by ${name}: “${excerpt}” The table plays on it from then on; nothing of the other is lost.`,
    createEmpty:
      'The branch begins with an empty page. The table plays on it from then on; nothing of the other is lost.',
    renameTitle: 'Rename the branch',
    renameYes: 'Rename',
    switchTitle: (name: string) => `Switch to “${name}”?`,
    switchBody:
      'Everybody at the table goes on writing on that branch. The narrator stops where it is; open drafts stay open. Nothing is lost, and you can switch back.',
    switchYes: 'Switch',
    region: 'Another branch',
    reading: (name: string) => `You are reading the branch “${name}”. The table plays on another one.`,
    readingInPlay: (name: string) => `You are reading the branch “${name}”, which is in play.`,
    comparing: (name: string, inPlay: string) =>
      `You are comparing “${name}” with “${inPlay}”, which is in play.`,
    compareRegion: 'Two branches side by side',
    trunk: (n: number) => `They share ${passages(n)}`,
    column: (name: string, n: number) => `${name}: ${n === 0 ? 'nothing of its own here' : passages(n)}`,
    columnEmpty: 'It ends here.',
  },
} as const;
