import { Button, NativeSelect, Popover, Textarea } from '@mantine/core';
import { useState, type JSX } from 'react';
import { LIMITS } from '../../sessions/limits.ts';
import { can } from '../../sessions/roles.ts';
import type { NarratorTurnView } from '../../sessions/view.ts';
import { useIsLive, useSlice, useTable, useYou } from '../link/session-context.ts';
import type { SessionLink } from '../link/session-link.ts';
import { mayAskNarrator, mayStopNarrator } from '../turn/turn-rights.ts';
import { TEXT } from '../strings.ts';

/** Asks the narrator to go on with the story. */
export function askToContinue(session: SessionLink): void {
  void session.act('narrator:ask', {});
}

/** The narrator's place at the table: asking it, its place in the queue, and stopping it. */
export function NarratorDesk(): JSX.Element | null {
  const narrator = useSlice('narrator');
  const you = useYou();
  if (!can(you.role, 'ask-narrator') && narrator.turns.length === 0) return null;
  return (
    <div className="narrator-desk" role="group" aria-label={TEXT.narrator.group}>
      {narrator.turns.map((turn) => (
        <NarratorTurn key={turn.turnId} turn={turn} />
      ))}
      {can(you.role, 'ask-narrator') && narrator.turns.length < LIMITS.narratorTurnsPerSession && <Ask />}
    </div>
  );
}

function NarratorTurn({ turn }: { turn: NarratorTurnView }): JSX.Element {
  const { session } = useTable();
  const you = useYou();
  const isLive = useIsLive();
  const isGenerating = turn.state === 'generating';
  const mayStop = mayStopNarrator(turn, you);
  return (
    <div className="narrator-turn" data-state={turn.state}>
      <span className="dot author-narrator" aria-hidden="true" />
      <span className="grow">
        {describeNarratorTurn(turn)}
        {turn.direction !== null && <em> {TEXT.narrator.withDirection(turn.direction)}</em>}
      </span>
      {mayStop && (
        <Button
          size="compact-sm"
          variant="light"
          color="gray"
          disabled={!isLive}
          aria-label={isGenerating ? TEXT.narrator.stopLong : TEXT.narrator.cancelLong}
          onClick={() => void session.act('narrator:stop', { turnId: turn.turnId })}
        >
          {isGenerating ? TEXT.narrator.stop : TEXT.narrator.cancel}
        </Button>
      )}
    </div>
  );
}

function describeNarratorTurn(turn: NarratorTurnView): string {
  if (turn.state === 'generating') {
    return turn.passageId === null ? TEXT.narrator.beginning : TEXT.narrator.generating;
  }
  const wait = turn.expectedWaitMs === null ? '' : ` ${TEXT.narrator.wait(turn.expectedWaitMs)}`;
  return `${TEXT.narrator.queued(turn.position)}${wait}`;
}

function Ask(): JSX.Element {
  const { session } = useTable();
  const you = useYou();
  const turn = useSlice('turn');
  const { status } = useSlice('narrator');
  const isLive = useIsLive();
  const [isOpen, setOpen] = useState(false);
  const isAllowed = mayAskNarrator(turn, you);
  const isReady = isLive && status === 'ready' && isAllowed;
  return (
    <div className="narrator-ask">
      <span className="narrator-name" aria-hidden="true">
        <span className="dot author-narrator" /> {TEXT.app.narrator}
      </span>
      <Button
        size="compact-sm"
        variant="light"
        disabled={!isReady}
        aria-label={TEXT.narrator.continueLong}
        title={isAllowed ? TEXT.narrator.continueLong : TEXT.narrator.notNow}
        onClick={() => askToContinue(session)}
      >
        {TEXT.narrator.continue}
      </Button>
      <Popover
        opened={isOpen}
        onChange={setOpen}
        position="top-end"
        width={300}
        shadow="md"
        trapFocus
        returnFocus
        withRoles={false}
      >
        <Popover.Target>
          <Button
            size="compact-sm"
            variant="subtle"
            disabled={!isReady}
            aria-expanded={isOpen}
            onClick={() => setOpen(!isOpen)}
          >
            {TEXT.narrator.more}
          </Button>
        </Popover.Target>
        <Popover.Dropdown role="dialog" aria-label={TEXT.narrator.ask}>
          <DirectionForm onDone={() => setOpen(false)} />
        </Popover.Dropdown>
      </Popover>
    </div>
  );
}

function DirectionForm({ onDone }: { onDone: () => void }): JSX.Element {
  const { session } = useTable();
  const cast = useSlice('cast');
  const [direction, setDirection] = useState('');
  const [castId, setCastId] = useState('');
  const speakers = cast.filter((member) => member.playerId === null || member.mayBeVoiced);
  const ask = async (): Promise<void> => {
    onDone();
    await session.act('narrator:ask', {
      direction: direction.trim() === '' ? null : direction,
      castId: castId === '' ? null : castId,
    });
  };
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        void ask();
      }}
    >
      <Textarea
        label={TEXT.narrator.direction}
        placeholder={TEXT.narrator.directionPlaceholder}
        maxLength={LIMITS.directionLength}
        autosize
        minRows={2}
        maxRows={6}
        data-autofocus
        value={direction}
        onChange={(event) => setDirection(event.currentTarget.value)}
      />
      <NativeSelect
        label={TEXT.narrator.as}
        data={[
          { value: '', label: TEXT.narrator.asNarrator },
          ...speakers.map((member) => ({ value: member.id, label: member.name })),
        ]}
        value={castId}
        onChange={(event) => setCastId(event.currentTarget.value)}
      />
      <Button type="submit" size="compact-md">
        {TEXT.narrator.ask}
      </Button>
    </form>
  );
}
