import { useId, type JSX } from 'react';
import type { MonitorView, Participation } from '../../sessions/monitor-view.ts';
import { useAuthors } from '../common/authors.ts';
import { ConsoleSection } from './console-section.tsx';
import { CONSOLE } from './console-strings.ts';
import { FillPatterns, Fill } from './fill-patterns.tsx';
import { SPREAD } from './figure-strings.ts';
import { MinutesPicture } from './minutes-picture.tsx';
import { fillsOf, spreadOf, wordBands } from './people-bars.ts';
import { spreadSentences } from './spread-text.ts';

const { people: words } = CONSOLE;

/** Who writes how much: in a sentence, in a bar, and over time. A hint for game masters, no score of people. */
export function PeoplePart({ view }: { view: MonitorView }): JSX.Element {
  const { people, minutes } = view;
  const fills = fillsOf(people);
  const patternId = useId();
  const order = people.map(({ author }) => author);
  return (
    <ConsoleSection title={words.title}>
      {spreadSentences(spreadOf(people)).map((sentence) => (
        <p key={sentence}>{sentence}</p>
      ))}
      <p className="note">
        {words.window} {words.hint}
      </p>
      <FillPatterns id={patternId} />
      <WordsBar people={people} fills={fills} patternId={patternId} />
      <ul className="console-list" aria-label={words.list}>
        {people.map((person) => (
          <Person key={person.author} person={person} fill={fills.get(person.author)} patternId={patternId} />
        ))}
      </ul>
      <MinutesPicture minutes={minutes} order={order} fills={fills} patternId={patternId} />
    </ConsoleSection>
  );
}

interface BarProps {
  people: readonly Participation[];
  fills: ReadonlyMap<string, number>;
  patternId: string;
}

/** All words in one bar; the list under it says the same in words. */
function WordsBar({ people, fills, patternId }: BarProps): JSX.Element | null {
  const { colourOf } = useAuthors();
  const bands = wordBands(people);
  if (bands.length === 0) return null;
  return (
    <svg className="words-bar" viewBox="0 0 300 22" preserveAspectRatio="none" aria-hidden="true">
      {bands.map(({ author, from, to }) => (
        <g key={author} className={colourOf(author)}>
          <Fill
            box={{ x: 300 * from, y: 0, width: Math.max(0, 300 * (to - from) - 1), height: 22 }}
            fill={fills.get(author)}
            patternId={patternId}
          />
        </g>
      ))}
    </svg>
  );
}

interface PersonProps {
  person: Participation;
  fill: number | undefined;
  patternId: string;
}

function Person({ person, fill, patternId }: PersonProps): JSX.Element {
  const { nameOf, colourOf } = useAuthors();
  const { author, isPresent, isActive } = person;
  const isPlayer = fill !== undefined;
  return (
    <li className="participation">
      <svg className={`swatch ${colourOf(author)}`} viewBox="0 0 14 14" aria-hidden="true">
        <Fill box={{ x: 0, y: 0, width: 14, height: 14 }} fill={fill} patternId={patternId} />
      </svg>
      <span className="grow">
        {nameOf(author)}
        {isPlayer && <span className="note"> {words.presence(isPresent, isActive)}</span>}
      </span>
      <span className="participation-words">
        {words.row(words.words(person.words), words.turns(person.turns), SPREAD.share(person.share))}
      </span>
    </li>
  );
}
