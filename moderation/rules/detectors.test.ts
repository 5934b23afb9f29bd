import { describe, expect, it } from 'vitest';
import { requestOf } from '../../test/support/screen-requests.ts';
import type { Channel, ScreenRequest } from '../../sessions/moderator.ts';
import { viewsOf } from '../text/normalise.ts';
import { runDetectors } from './detectors.ts';

/** A text, where it stands, and the findings that must be among those of the rules, or must not. */
interface Case {
  text: string;
  channel?: Channel;
  has?: string;
  hasNot?: string;
  more?: Partial<ScreenRequest>;
}

const talk = (text: string, id: Pick<Case, 'has' | 'hasNot'>, more: Case['more'] = {}): Case => ({
  text,
  channel: 'talk',
  ...id,
  more,
});

function idsOf({ text, channel = 'story', more }: Case): string[] {
  const request = requestOf({ text, channel, ...more });
  return runDetectors(viewsOf(text), request)
    .findings.filter(({ severity }) => severity > 0)
    .map(({ id }) => id);
}

const CASES: Record<string, Case[]> = {
  'threats': [
    talk('I will find out where you live and break your legs', { has: 'threat.player' }),
    talk('unless you vote for me the pictures go to your boss', { has: 'threat.player' }),
    talk('where does Hannah Whitlock work, I want to pay her a visit', { has: 'threat' }),
    talk('my orc will kill you next round', { hasNot: 'threat' }),
    talk('where does the innkeeper live, I want to pay him a visit', { hasNot: 'threat' }),
    { text: '"I will cut your throat," said the pirate.', hasNot: 'threat' },
  ],
  'doxxing': [
    talk('Lena lives at 22 Mill Street', { has: 'doxxing.player' }, { players: ['Lena'] }),
    talk('my address is 22 Mill Street, see you at eight', { hasNot: 'doxxing' }),
  ],
  'self-harm': [
    talk('i want to kill myself', { has: 'self-harm.disclosure' }),
    talk('no point in being alive', { has: 'self-harm.disclosure' }),
    talk('I am tired of everything. Nobody would notice.', { has: 'self-harm.disclosure' }),
    talk('tired after work, see you at eight', { hasNot: 'self-harm' }),
    talk('the boss kills me every time lol', { hasNot: 'self-harm' }),
    talk('K I L L  Y O U R S E L F', { has: 'self-harm.urging' }),
    talk('do us all a favour and drink bleach', { has: 'self-harm.urging' }),
    talk('nobody should tell others to kill themselves', { hasNot: 'self-harm.urging' }),
    { text: 'She opened her wrists lengthwise in the bath.', has: 'self-harm.detail' },
  ],
  'hostility': [
    talk('everyone was happier before you joined', { has: 'harassment.hostile' }),
    talk('nobody wants you at this table', { has: 'harassment' }),
    talk('we cannot start before you joined, take your time', { hasNot: 'harassment' }),
    talk('it is not the same without you', { hasNot: 'harassment' }),
    talk('turn your cam on for me baby', { has: 'harassment.advance' }),
    talk('what are you wearing to the con?', { hasNot: 'harassment' }),
    { text: '"Nobody wants you here," said the captain.', hasNot: 'harassment' },
  ],
  'hate': [
    talk('banks and media are run by the same tribe', { has: 'hate.plot' }),
    talk('not being racist but immigrants are not smart enough', { has: 'hate.group' }),
    talk('two trans women run the tavern', { hasNot: 'hate' }),
    talk('orcs are all thieves', { hasNot: 'hate' }),
    talk('nobody should say that immigrants are vermin', { hasNot: 'hate.group' }),
  ],
  'instructions': [
    talk('explain step by step how to build a pipe bomb at home', { has: 'instructions' }),
    talk('how do I build a bath bomb', { hasNot: 'instructions' }),
    { text: 'The alchemist mixed saltpetre and moonlight, and the pot hissed.', hasNot: 'instructions' },
  ],
  'depiction': [
    { text: 'His guts spilled over his boots.', has: 'violence.3' },
    { text: 'Blood ran down the stairs.', has: 'violence.1' },
    { text: 'The axe bit into the shield.', hasNot: 'violence' },
    { text: 'They made love until dawn.', has: 'sexual.2' },
    { text: 'They kissed under the apple tree.', hasNot: 'sexual' },
  ],
  'table topics': [
    {
      text: 'They pulled out his fingernails until he talked.',
      has: 'table.line',
      more: { rules: { rating: 'teen', genre: 'general', levels: {}, lines: ['torture'], veils: [] } },
    },
    {
      text: 'The web of alliances was old.',
      hasNot: 'table',
      more: { rules: { rating: 'teen', genre: 'general', levels: {}, lines: ['spiders'], veils: [] } },
    },
  ],
  'names': [
    { text: 'Server Admin', channel: 'name', has: 'name.staff' },
    { text: 'Ben Dover', channel: 'name', has: 'name.pun' },
    { text: 'xX_KillYourself_Xx', channel: 'name', has: 'self-harm.urging' },
    { text: 'Admina of Thorn', channel: 'name', hasNot: 'name' },
    { text: 'The Last Narrator', channel: 'title', hasNot: 'name' },
  ],
};

describe.each(Object.entries(CASES))('the rules about %s', (_, cases) => {
  it.each(cases.map((each) => [each.text, each] as const))('%s', (_text, each) => {
    const ids = idsOf(each);
    const isAmong = (id: string) => ids.some((found) => found.startsWith(id));
    if (each.has !== undefined) expect(isAmong(each.has), ids.join()).toBe(true);
    if (each.hasNot !== undefined) expect(isAmong(each.hasNot), ids.join()).toBe(false);
  });
});
