import type { Detector, Finding } from '../findings.ts';
import { anyOf, findingAt, piecesOf } from '../text/matching.ts';
import { piiFindings } from './pii.ts';
import { speechOf } from '../text/speech.ts';

/** Says where somebody can be found, or who they are behind their name. */
const WHERE = anyOf(
  "(?:lives|is living|works|goes to (?:school|college|uni|university)|studies|sleeps|parks|is home alone|is at home|hangs out) (?:alone )?(?:at|in|on|near|by|behind|next to|above|every)|(?:her|his|their|'s) (?:real|actual|full|legal) name is|(?:real|actual|legal) name is|(?:home|work|street|ip) address|(?:phone|mobile|cell) number|(?:workplace|employer|school) is|(?:her|his|their|'s) address|found (?:out )?where",
);
const THEIRS = /\b(?:her|his|their|this is where|here is where|here's where|the address of|the number of)\b/;
const OWN = /\b(?:my|mine|me|i|i'm|our)\b/;

/** Personal data of somebody else at the table, or of somebody who is only spoken of. */
export const doxxingFindings: Detector = (views, request) => {
  const data = piiFindings(views).filter(({ severity }) => severity >= 1);
  const spans = data.flatMap((each) => each.spans);
  return speechOf(views, request).flatMap((sentence): Finding[] => {
    const isInside = spans.some(({ start, end }) => {
      const at = views.offsets[sentence.start] ?? 0;
      return end > at && start < (views.offsets[sentence.end] ?? views.literal.length);
    });
    const where = piecesOf(sentence.text, WHERE, sentence.start);
    const isOthers = sentence.namesPlayer || (THEIRS.test(sentence.text) && !OWN.test(sentence.text));
    const isOutside = sentence.isReal || sentence.hasReality;
    const tells = isInside
      ? sentence.namesPlayer || (isOutside && isOthers)
      : where.length > 0 && sentence.namesPlayer && isOutside;
    if (!tells) return [];
    return findingAt(views, where.length > 0 ? where : [sentence], {
      id: 'doxxing.player',
      harm: 'privacy',
      severity: 3,
      label: 'doxxing',
    });
  });
};
