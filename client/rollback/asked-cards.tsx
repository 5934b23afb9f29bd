import { Button, Group } from '@mantine/core';
import { useState, type JSX } from 'react';
import { isMaster } from '../../sessions/roles.ts';
import { chosenText } from '../../sessions/story-shape.ts';
import { useAuthors } from '../common/authors.ts';
import { useStore } from '../common/store.ts';
import { useIsLive, useSlice, useTable, useYou } from '../link/session-context.ts';
import { goToPassage } from '../review/go-to-passage.ts';
import { MaskedText } from '../safety/masked-text.tsx';
import { excerptOf } from './excerpt.ts';
import { ASKED_ID } from './go-to-asked.ts';
import { ROLLBACK } from './rollback-strings.ts';

const { asked: words } = ROLLBACK;
const SHOWN = 3;

/** Passages whose authors are asked whether they still fit: to each author theirs, to game masters all. */
export function AskedCards(): JSX.Element | null {
  const { asked } = useSlice('history');
  const you = useYou();
  const [all, setAll] = useState(false);
  const mine = Object.entries(asked).filter(
    ([, playerId]) => playerId === you.playerId || isMaster(you.role),
  );
  if (mine.length === 0) return null;
  const shown = all ? mine : mine.slice(0, SHOWN);
  return (
    <section className="notes" aria-label={words.list} id={ASKED_ID} tabIndex={-1}>
      {shown.map(([passageId, playerId]) => (
        <AskedCard key={passageId} passageId={passageId} playerId={playerId} />
      ))}
      {mine.length > shown.length && (
        <button type="button" className="link-button" onClick={() => setAll(true)}>
          {words.more(mine.length - shown.length)}
        </button>
      )}
    </section>
  );
}

function AskedCard({ passageId, playerId }: { passageId: string; playerId: string }): JSX.Element {
  const { session, story } = useTable();
  const passage = useStore(story.passage(passageId));
  const you = useYou();
  const { nameOf } = useAuthors();
  const isLive = useIsLive();
  const text = chosenText(passage);
  const answer = (said: 'keep' | 'go'): void =>
    void session.act('rollback:answer', { passageId, answer: said });
  return (
    <article className="note-card" aria-label={words.list}>
      <strong>{playerId === you.playerId ? words.yours : words.others(nameOf(playerId))}</strong>
      <blockquote className="review-quote">
        <MaskedText text={excerptOf(text)} />
      </blockquote>
      <Group gap="xs">
        <Button size="compact-sm" variant="light" disabled={!isLive} onClick={() => answer('keep')}>
          {words.keep}
        </Button>
        <Button size="compact-sm" variant="light" disabled={!isLive} onClick={() => answer('go')}>
          {words.go}
        </Button>
        <button type="button" className="link-button" onClick={() => goToPassage(passageId)}>
          {words.goTo}
        </button>
      </Group>
    </article>
  );
}
