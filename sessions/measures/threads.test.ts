import { describe, expect, it } from 'vitest';
import { STORIES, storyPassages } from '../../test/fixtures/stories/stories.ts';
import { foundThreadId } from '../found-threads.ts';
import { PassageReading } from './passage-reading.ts';
import { ThreadLedger, type StoryThread, type ThreadCare } from './threads.ts';

const NONE: ThreadCare = { made: [], marks: {} };
const MADE = { id: 't1', title: 'The silver key', at: 0 };

/** A ledger of these passages, a second between them. */
function ledgerOf(texts: readonly string[]): ThreadLedger {
  const ledger = new ThreadLedger();
  for (const [at, text] of texts.entries())
    ledger.add({ id: `p${String(at)}`, at: at * 1_000, reading: new PassageReading(text) });
  return ledger;
}

const quiet = (count: number): string[] =>
  Array.from({ length: count }, () => 'They walked on through the fields.');
const about = (name: string): string =>
  `In the mill by the river, where the wheel had stopped, they met ${name} again.`;
const named = (threads: readonly StoryThread[], title: string): StoryThread | undefined =>
  threads.find((thread) => thread.title === title);

describe('threads', () => {
  it('V4: a name in three passages or more is one, a name in two is none', () => {
    const ledger = ledgerOf([about('Orla'), about('Orla'), about('Piet'), about('Piet')]);
    expect(ledger.list(NONE)).toEqual([]);
    ledger.add({
      id: 'p4',
      at: 4_000,
      reading: new PassageReading(`Orla's lamp was out, and nobody in the mill had any oil.`),
    });
    expect(ledger.list(NONE)).toEqual([
      {
        id: foundThreadId('Orla'),
        title: 'Orla',
        origin: 'found',
        status: 'open',
        lastPassageId: 'p4',
        passagesSince: 0,
      },
    ]);
  });

  it('V4: is dormant from the seventh passage without mention on, and open again when it comes up', () => {
    const start = [about('Orla'), about('Orla'), about('Orla')];
    expect(named(ledgerOf([...start, ...quiet(6)]).list(NONE), 'Orla')).toMatchObject({
      status: 'open',
      passagesSince: 6,
    });
    const dormant = ledgerOf([...start, ...quiet(7)]);
    expect(named(dormant.list(NONE), 'Orla')).toMatchObject({ status: 'dormant', lastPassageId: 'p2' });
    expect(dormant.integrity(NONE)).toBe(0);
    dormant.add({ id: 'new', at: 99_000, reading: new PassageReading(about('Orla')) });
    expect(named(dormant.list(NONE), 'Orla')).toMatchObject({ status: 'open', lastPassageId: 'new' });
    expect(dormant.integrity(NONE)).toBe(1);
  });

  it('V4: one that comes up seldom is dormant later: after three times its median gap', () => {
    const seldom = [about('Orla'), ...quiet(4), about('Orla'), ...quiet(4), about('Orla')];
    expect(named(ledgerOf([...seldom, ...quiet(15)]).list(NONE), 'Orla')?.status).toBe('open');
    expect(named(ledgerOf([...seldom, ...quiet(16)]).list(NONE), 'Orla')?.status).toBe('dormant');
  });

  it('V8: one that is marked resolved or paused is not dormant', () => {
    const ledger = ledgerOf([about('Orla'), about('Orla'), about('Orla'), ...quiet(9)]);
    for (const status of ['resolved', 'paused'] as const) {
      const care = { made: [], marks: { [foundThreadId('Orla')]: status } };
      expect(named(ledger.list(care), 'Orla')?.status).toBe(status);
      expect(ledger.integrity(care)).toBe(1);
    }
    const reopened = { made: [], marks: { [foundThreadId('Orla')]: 'open' as const } };
    expect(named(ledger.list(reopened), 'Orla')?.status).toBe('dormant');
  });

  it('V8: one that people made is followed by the words of its title', () => {
    const ledger = ledgerOf([
      'She hid the silver key under a stone.',
      ...quiet(3),
      'The key had rusted.',
      ...quiet(13),
    ]);
    expect(ledger.list({ made: [MADE], marks: {} })).toEqual([
      {
        id: 't1',
        title: 'The silver key',
        origin: 'made',
        status: 'dormant',
        lastPassageId: 'p4',
        passagesSince: 13,
      },
    ]);
  });

  it('V8: one that was made just now is not dormant, though nothing has mentioned it yet', () => {
    const ledger = ledgerOf(quiet(20));
    const made = { ...MADE, at: 19_500 };
    expect(ledger.list({ made: [made], marks: {} })).toMatchObject([
      { status: 'open', lastPassageId: null, passagesSince: 0 },
    ]);
    for (let at = 20; at < 27; at += 1)
      ledger.add({ id: `p${String(at)}`, at: at * 1_000, reading: new PassageReading('They walked on.') });
    expect(ledger.list({ made: [made], marks: {} })).toMatchObject([{ status: 'dormant', passagesSince: 7 }]);
  });

  it('V4: words that stand in lower case too are no names, and nor is every noun of a language', () => {
    const rose = 'They saw Rose there.';
    const plain = 'There a rose grew on the wall, and another rose beside it.';
    expect(ledgerOf([rose, rose, plain, plain, plain]).list(NONE)).toEqual([]);
    const german = 'Er sah den Müller und die Mühle, und er hörte das Wasser und den Wind.';
    expect(ledgerOf([german, german, german]).list(NONE)).toEqual([]);
  });

  it('V10: only the last 60 passages count', () => {
    const ledger = ledgerOf([about('Orla'), about('Orla'), about('Orla'), ...quiet(57)]);
    expect(ledger.list(NONE)).toHaveLength(1);
    ledger.add({ id: 'p60', at: 60_000, reading: new PassageReading('They walked on.') });
    expect(ledger.list(NONE)).toEqual([]);
    expect(ledger.integrity(NONE)).toBeNull();
  });

  it('V4: finds whom stories are about, and an abandoned thread lowers the integrity', () => {
    const main = {
      'alice-in-wonderland': 'Alice',
      'tom-sawyer': 'Tom',
      'moby-dick': 'Spouter',
      'pride-and-prejudice': 'Bingley',
    };
    for (const name of STORIES) {
      const story = storyPassages(name).slice(0, 30);
      const without = ledgerOf(story);
      expect(named(without.list(NONE), main[name])).toBeDefined();
      const planted = story.map((text, at) =>
        at < 12 && at % 4 === 0 ? `${text} ${about('Zebulon')}` : text,
      );
      const ledger = ledgerOf(planted);
      expect(named(ledger.list(NONE), 'Zebulon')?.status).toBe('dormant');
      expect(ledger.integrity(NONE)).toBeLessThan(without.integrity(NONE)!);
    }
  });
});
