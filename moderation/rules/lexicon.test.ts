import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { requestOf } from '../../test/support/screen-requests.ts';
import { bannedSpans, lexiconFeatures, lexiconFindings } from './lexicon.ts';
import { LEXICON } from './lexicon-index.ts';
import { foldText, viewsOf } from '../text/normalise.ts';

const request = requestOf({ cast: ['Dick Turpin'], history: 1 });
const find = (text: string) =>
  lexiconFindings(viewsOf(text), { ...request, text }).flatMap((finding) =>
    finding.spans.map(({ start, end }) => `${finding.harm} ${finding.severity}: ${text.slice(start, end)}`),
  );
const entries = [...LEXICON.values()].flat();
const banned = entries
  .filter((entry) => entry.isBanned && entry.words.length === 1)
  .map(({ words }) => words[0]!);

describe('the lexicon', () => {
  it.each([
    'Scunthorpe, a cockpit, an assassin, Dickens, a classic grape',
    'the therapist ate shiitake beside a rooster and a peacock',
    'he drew the bastard sword; she was the bastard daughter of the king',
    'the cock crew twice over the weathercock',
    'she threw a faggot of wood on the fire',
    'the hunting bitch and her pups',
    'an ox and an ass brayed; she rode on an ass',
    'go to the tower, witch, through the damp hell of the pit',
    'a chink in the armour, spick and span',
    'to prick up his ears, a thorn pricks his hand',
    'Dick Turpin rode on',
    'the niggardly miser sniggered',
    'he sat on the sack, forked a sheet and began to suck his finger',
    'pen is mightier, as some say, mass hits the wall',
  ])('finds nothing in %j', (text) => {
    expect(find(text)).toEqual([]);
  });

  it.each([
    ['you bastard!', ['profanity 1: bastard']],
    ['b!tch', ['profanity 1: b!tch']],
    ['oh f u c k', ['profanity 2: f u c k']],
    ['fuuuuck it', ['profanity 2: fuuuuck']],
    ['f**k it', ['profanity 2: f**k']],
    ['fu\u200bck', ['profanity 2: fu\u200bck']],
    ['a fuckwagon', ['profanity 2: fuckwagon']],
    ['son of a bitch', ['profanity 1: son of a bitch']],
    ['son-of-a-bitch', ['profanity 1: son-of-a-bitch']],
    ['what a dick', ['profanity 1: dick']],
  ])('finds in %j', (text, found) => {
    expect(find(text)).toEqual(found);
  });

  it('knows slurs at groups as hate, and swearing as less', () => {
    for (const { harm, severity, isBanned } of entries) {
      expect(['hate', 'sexual', 'profanity']).toContain(harm);
      expect(severity).toBeGreaterThanOrEqual(harm === 'hate' ? 2 : 1);
      expect(severity).toBeLessThanOrEqual(3);
      if (isBanned) expect(harm).toBe('hate');
    }
    expect(entries.filter(({ harm }) => harm === 'hate').length).toBeGreaterThan(100);
  });

  it('holds nothing that folding would change, so that every entry can be found', () => {
    for (const { words } of entries) expect(foldText(words.join(' '))).toBe(words.join(' '));
  });

  it('finds each entry in a sentence, whatever the case', () => {
    for (const { words } of entries) {
      const text = `xx. ${words.join(' ').toUpperCase()}, xx`;
      const found = lexiconFindings(viewsOf(text), request);
      expect(found.length, words.join(' ').length.toString()).toBeGreaterThanOrEqual(1);
    }
  });

  it('counts by category and severity', () => {
    expect(lexiconFeatures('a fucked up bastard, a bastard')).toEqual({
      'insult.2': 1,
      'sexual.2': 1,
      'insult.1': 2,
    });
    expect(lexiconFeatures('a clean line')).toEqual({});
  });
});

describe('banned words', () => {
  const disguise = fc
    .tuple(
      fc.constantFrom(...banned),
      fc.constantFrom('\u200b', '\u0301', '\u00ad', ''),
      fc.boolean(),
      fc.boolean(),
    )
    .map(([word, mark, isSpaced, isUpper]) => {
      const letters = [...(isUpper ? word.toUpperCase() : word)].map((letter) => letter + mark);
      // Three letters and the same one thrice are joined and cut; the list has longer words.
      return letters.join(isSpaced && word.length > 4 ? ' ' : '');
    });

  it('are found in any disguise, just where they stand', () => {
    expect(banned.length).toBeGreaterThan(20);
    fc.assert(
      fc.property(disguise, (word) => {
        const text = `They say: ${word}! Then they go.`;
        const [span, ...more] = bannedSpans(text);
        expect(more).toEqual([]);
        expect(text.slice(span?.start, span?.end)).toBe(word);
      }),
    );
  });

  it('are in no innocent sentence', () => {
    for (const text of [
      'He sniggered at the niggardly miser.',
      'A chink in the wall, spick and span.',
      'Faggots of wood for the witch, bastard swords for the rest.',
      'What the fuck, you bitch?',
    ]) {
      expect(bannedSpans(text)).toEqual([]);
    }
  });
});
