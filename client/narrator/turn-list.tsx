import { Button } from '@mantine/core';
import { useId, useState, type JSX } from 'react';
import type { NarratorTurnView } from '../../sessions/view.ts';
import { useAuthors } from '../common/authors.ts';
import { useIsLive, useSlice, useTable, useYou } from '../link/session-context.ts';
import { mayStopNarrator } from '../turn/turn-rights.ts';
import { TEXT } from '../strings.ts';
import { describeNarratorTurn, orderTurns } from './turn-lines.ts';

/** Lines that are always shown; the others behind a button. */
const SHOWN = 3;

/** Who has asked the narrator and where each request stands. `onDone`: a button that was pressed will go away. */
export function TurnList({ onDone }: { onDone: () => void }): JSX.Element | null {
  const { turns } = useSlice('narrator');
  const you = useYou();
  const [isOpen, setOpen] = useState(false);
  if (turns.length === 0) return null;
  const all = orderTurns(turns, you.playerId);
  const hidden = all.length - SHOWN;
  return (
    <>
      <ul className="narrator-turns" aria-label={TEXT.narrator.requests}>
        {(isOpen ? all : all.slice(0, SHOWN)).map((turn) => (
          <TurnLine key={turn.turnId} turn={turn} onDone={onDone} />
        ))}
      </ul>
      {hidden > 0 && (
        <button
          type="button"
          className="link-button narrator-more"
          aria-expanded={isOpen}
          onClick={() => setOpen(!isOpen)}
        >
          {isOpen ? TEXT.narrator.fewerWaiting : TEXT.narrator.moreWaiting(hidden)}
        </button>
      )}
    </>
  );
}

function TurnLine({ turn, onDone }: { turn: NarratorTurnView; onDone: () => void }): JSX.Element {
  const you = useYou();
  const { nameOf, colourOf } = useAuthors();
  const textId = useId();
  const isOwn = turn.askedBy === you.playerId;
  return (
    <li className="narrator-turn" data-state={turn.state} data-own={isOwn}>
      <span className={`dot ${colourOf(turn.askedBy)}`} aria-hidden="true" />
      <span className="narrator-turn-text" id={textId}>
        <strong>{isOwn ? TEXT.narrator.you : nameOf(turn.askedBy)}</strong>{' '}
        <span className="narrator-turn-state">{describeNarratorTurn(turn)}</span>
        {turn.direction !== null && (
          <em title={turn.direction}>{TEXT.narrator.withDirection(turn.direction)}</em>
        )}
      </span>
      {mayStopNarrator(turn, you) && <StopButton turn={turn} textId={textId} onDone={onDone} />}
    </li>
  );
}

function StopButton(of: { turn: NarratorTurnView; textId: string; onDone: () => void }): JSX.Element {
  const { session } = useTable();
  const you = useYou();
  const isLive = useIsLive();
  const { nameOf } = useAuthors();
  const { turnId, askedBy, state } = of.turn;
  const isGenerating = state === 'generating';
  const cancelLong =
    askedBy === you.playerId ? TEXT.narrator.cancelOwn : TEXT.narrator.cancelOf(nameOf(askedBy));
  const stop = async (): Promise<void> => {
    if (await session.act('narrator:stop', { turnId })) of.onDone();
  };
  return (
    <Button
      size="compact-sm"
      variant="light"
      color="gray"
      disabled={!isLive}
      aria-label={isGenerating ? TEXT.narrator.stopLong : cancelLong}
      aria-describedby={of.textId}
      onClick={() => void stop()}
    >
      {isGenerating ? TEXT.narrator.stop : TEXT.narrator.cancel}
    </Button>
  );
}
