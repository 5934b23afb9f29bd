import { Button, NativeSelect, Popover, Textarea } from '@mantine/core';
import { useRef, useState, type JSX } from 'react';
import { LIMITS } from '../../sessions/limits.ts';
import { can } from '../../sessions/roles.ts';
import { showToast } from '../common/toasts.ts';
import { useIsLive, useSlice, useTable, useYou } from '../link/session-context.ts';
import type { SessionLink } from '../link/session-link.ts';
import { isNarratorAskable, mayAskNarrator, mayNarrate, narratorModeOf } from '../turn/turn-rights.ts';
import { TEXT } from '../strings.ts';
import { SAFETY } from '../safety/safety-strings.ts';
import { NarrateButton, NarratorModeSelect } from './narrator-mode.tsx';
import { whyFull } from './turn-lines.ts';
import { TurnList } from './turn-list.tsx';

/** Asks the narrator to go on with the story. */
export function askToContinue(session: SessionLink): void {
  void session.act('narrator:ask', {});
}

/** The narrator's place at the table: asking it, who waits for it, and stopping it. */
export function NarratorDesk(): JSX.Element | null {
  const narrator = useSlice('narrator');
  const you = useYou();
  const desk = useRef<HTMLDivElement>(null);
  const mayAsk = can(you.role, 'ask-narrator');
  if (!mayAsk && narrator.turns.length === 0) return null;
  return (
    <div className="narrator-desk" role="group" aria-label={TEXT.narrator.group} tabIndex={-1} ref={desk}>
      <TurnList onDone={() => keepFocus(desk.current)} />
      {narrator.isShort && <p className="note">{TEXT.narrator.short}</p>}
      {mayAsk && <DeskRow />}
    </div>
  );
}

/** The button that was pressed goes away: who uses the keyboard stays in the desk instead of at the top of the page. */
function keepFocus(desk: HTMLElement | null): void {
  const { activeElement } = document;
  const isLost = activeElement === null || activeElement === document.body;
  if (isLost || desk?.contains(activeElement) === true) desk?.focus({ preventScroll: true });
}

/** What may be done with the narrator in this scene, as its mode has it. */
function DeskRow(): JSX.Element {
  const safety = useSlice('safety');
  const you = useYou();
  const mode = narratorModeOf(safety);
  // A pause does not take the buttons away, it only rests them.
  const isAskable = isNarratorAskable({ ...safety, isPaused: false }, you);
  const note = mode === 'human' ? SAFETY.narrator.humanNote : SAFETY.narrator.copilotNote;
  return (
    <div className="narrator-ask">
      <span className="narrator-name" aria-hidden="true">
        <span className="dot author-narrator" /> {TEXT.app.narrator}
      </span>
      {isAskable && <Ask />}
      <NarrateButton />
      {!isAskable && !mayNarrate(safety, you) && <span className="note">{note}</span>}
      <NarratorModeSelect />
    </div>
  );
}

function Ask(): JSX.Element {
  const { session } = useTable();
  const you = useYou();
  const turn = useSlice('turn');
  const { status, turns } = useSlice('narrator');
  const isLive = useIsLive();
  const [isOpen, setOpen] = useState(false);
  const isAllowed = mayAskNarrator(turn, you);
  const full = whyFull(turns, you.playerId);
  const isPaused = useSlice('safety').isPaused;
  const why = isPaused ? SAFETY.narrator.paused : isAllowed ? full : TEXT.narrator.notNow;
  const look = {
    'size': 'compact-sm',
    'disabled': !isLive || status !== 'ready' || !isAllowed || isPaused,
    // Still there for keyboards, and says why: pressing the button again and again must not lose its place.
    'aria-disabled': full !== null,
    'data-disabled': full !== null,
  } as const;
  /** What a button does, or says why it does not. */
  const press = (run: () => void) => () => (full === null ? run() : showToast(full));
  return (
    <>
      <Button
        {...look}
        variant="light"
        aria-label={TEXT.narrator.continueLong}
        title={why ?? TEXT.narrator.continueLong}
        onClick={press(() => askToContinue(session))}
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
            {...look}
            variant="subtle"
            title={why ?? ''}
            aria-expanded={isOpen}
            onClick={press(() => setOpen(!isOpen))}
          >
            {TEXT.narrator.more}
          </Button>
        </Popover.Target>
        <Popover.Dropdown role="dialog" aria-label={TEXT.narrator.ask}>
          <DirectionForm onDone={() => setOpen(false)} />
        </Popover.Dropdown>
      </Popover>
    </>
  );
}

function DirectionForm({ onDone }: { onDone: () => void }): JSX.Element {
  const { session } = useTable();
  const cast = useSlice('cast');
  const [direction, setDirection] = useState('');
  const [castId, setCastId] = useState('');
  const speakers = cast.filter((member) => member.playerId === null || member.mayBeVoiced);
  const ask = async (): Promise<void> => {
    const isAsked = await session.act('narrator:ask', {
      direction: direction.trim() === '' ? null : direction,
      castId: castId === '' ? null : castId,
    });
    // Refused: the words stay in the form.
    if (isAsked) onDone();
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
