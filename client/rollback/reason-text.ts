import type { DependencyReason, PreviewDependent } from '../../sessions/history-view.ts';
import { ROLLBACK } from './rollback-strings.ts';

const { reasons, preview } = ROLLBACK;
const QUOTED = 80;

const short = (words: string): string => (words.length > QUOTED ? `${words.slice(0, QUOTED - 1)}…` : words);

/** Why one passage builds on another, in words. */
export function reasonText({ kind, words }: DependencyReason): string {
  const said = short(words.trim());
  switch (kind) {
    case 'mention':
      return said === '' ? reasons.mentionPlain : reasons.mention(said);
    case 'quote':
      return said === '' ? reasons.quotePlain : reasons.quote(said);
    case 'reply':
      return said === '' ? reasons.replyPlain : reasons.reply(said);
    case 'thread':
      return said === '' ? reasons.threadPlain : reasons.thread(said);
    case 'same-turn':
      return reasons.sameTurn;
  }
}

/** All reasons of a passage, each once. */
export function reasonTexts({ reasons: all }: Pick<PreviewDependent, 'reasons'>): string[] {
  return [...new Set(all.map(reasonText))];
}

/** How sure it is that a passage builds on what goes, in words. */
export function strengthText(strength: number): string {
  const step = strength >= 0.7 ? 2 : strength >= 0.35 ? 1 : 0;
  return preview.strengths[step] ?? '';
}
