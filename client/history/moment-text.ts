import { HISTORY } from './history-strings.ts';
import type { Moment, Stop } from './moments.ts';

const { timeline: words } = HISTORY;

/** What a sentence about a moment needs. */
interface Told {
  nameOf: (author: string) => string;
  ago: (at: number) => string;
}

/** What happened, in a few words: `Passage 14 of 60`, `Scene “The ferry”`. */
export function momentTitle(moment: Moment, passages: number): string {
  switch (moment.kind) {
    case 'passage':
      return words.passage(moment.number, passages);
    case 'scene':
      return words.scene(moment.scene.title);
    case 'checkpoint':
      return words.checkpoint(moment.checkpoint.name);
    case 'rollback':
      return words.rollback;
    case 'branch':
      return words.branch(moment.branch.name);
  }
}

/** Who did it: a player id or `narrator`; null: the server. */
export function momentAuthor(moment: Moment): string | null {
  switch (moment.kind) {
    case 'passage':
      return moment.passage.by;
    case 'scene':
      return moment.scene.by;
    case 'checkpoint':
      return moment.checkpoint.by;
    case 'rollback':
      return moment.rollback.by;
    case 'branch':
      return moment.branch.by;
  }
}

/** When it happened, epoch ms; what was brought along from elsewhere keeps its own time. */
export function momentTime(moment: Moment): number {
  return moment.kind === 'passage' ? moment.passage.createdAt : moment.at;
}

/** A place of the slider in words: `Passage 14 of 60, by Mia, 12 minutes ago`. */
export function stopText({ moment, passages }: Stop, of: number, { nameOf, ago }: Told): string {
  const title = momentTitle(moment, of);
  const what = moment.kind === 'passage' ? title : words.afterPassage(title, passages, of);
  const by = momentAuthor(moment);
  const when = ago(momentTime(moment));
  return by === null ? words.when(what, when) : words.by(what, nameOf(by), when);
}
