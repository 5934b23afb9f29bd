import { Button, NativeSelect, NumberInput } from '@mantine/core';
import { useState, type JSX } from 'react';
import type { TurnMode } from '../../sessions/protocol.ts';
import { isMaster } from '../../sessions/roles.ts';
import { useAuthors } from '../common/authors.ts';
import { Icon } from '../common/icons.tsx';
import { useIsLive, useSlice, useTable, useYou } from '../link/session-context.ts';
import { TEXT } from '../strings.ts';

const MODES: readonly TurnMode[] = ['free', 'ordered', 'round', 'gm-calls'];

/** The turn modes as choices of a select. */
export const MODE_CHOICES = MODES.map((mode) => ({ value: mode, label: TEXT.modes[mode] }));

/** Reads a choice of a select. */
export function modeOf(value: string): TurnMode {
  return MODES.find((mode) => mode === value) ?? 'free';
}

/** For game masters: the turn mode and, in ordered play, the order. */
export function TurnControls(): JSX.Element | null {
  const you = useYou();
  const { mode } = useSlice('turn');
  if (!isMaster(you.role)) return null;
  return (
    <section className="panel-section" aria-label={TEXT.turn.controls}>
      <h2>{TEXT.turn.controls}</h2>
      <ModeForm />
      {mode === 'ordered' && <OrderList />}
    </section>
  );
}

function ModeForm(): JSX.Element {
  const { session } = useTable();
  const turn = useSlice('turn');
  const isLive = useIsLive();
  const [mode, setMode] = useState<TurnMode>(turn.mode);
  const [seconds, setSeconds] = useState<number | null>(turn.timerSeconds);
  const isChanged = mode !== turn.mode || (mode === 'ordered' && seconds !== turn.timerSeconds);
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        void session.act('turn:mode', { mode, timerSeconds: mode === 'ordered' ? seconds : null });
      }}
    >
      <NativeSelect
        label={TEXT.turn.mode}
        description={TEXT.modeHints[mode]}
        data={MODE_CHOICES}
        value={mode}
        onChange={(event) => setMode(modeOf(event.currentTarget.value))}
      />
      {mode === 'ordered' && (
        <NumberInput
          label={TEXT.turn.timer}
          description={TEXT.turn.timerHint}
          min={10}
          max={86_400}
          value={seconds ?? ''}
          onChange={(value) => setSeconds(typeof value === 'number' ? value : null)}
        />
      )}
      {isChanged && (
        <Button type="submit" size="compact-sm" variant="light" disabled={!isLive}>
          {TEXT.turn.apply}
        </Button>
      )}
    </form>
  );
}

function OrderList(): JSX.Element {
  const { session } = useTable();
  const { order, current } = useSlice('turn');
  const { nameOf } = useAuthors();
  const isLive = useIsLive();
  const move = (at: number, step: -1 | 1): void => {
    const next = [...order];
    const [moved] = next.splice(at, 1);
    if (moved === undefined) return;
    next.splice(at + step, 0, moved);
    void session.act('turn:reorder', { order: next });
  };
  const arrow = (at: number, step: -1 | 1, name: string): JSX.Element => (
    <button
      type="button"
      className="quiet-button"
      aria-label={step === -1 ? TEXT.turn.up(name) : TEXT.turn.down(name)}
      disabled={!isLive || at + step < 0 || at + step >= order.length}
      onClick={() => move(at, step)}
    >
      <Icon name={step === -1 ? 'up' : 'down'} size={16} />
    </button>
  );
  return (
    <ol className="order-list" aria-label={TEXT.turn.order}>
      {order.map((playerId, at) => (
        <li key={playerId} aria-current={playerId === current}>
          <span className="grow">{nameOf(playerId)}</span>
          {arrow(at, -1, nameOf(playerId))}
          {arrow(at, 1, nameOf(playerId))}
          {playerId !== current && (
            <Button
              size="compact-xs"
              variant="subtle"
              disabled={!isLive}
              aria-label={TEXT.turn.give(nameOf(playerId))}
              onClick={() => void session.act('turn:give', { playerId })}
            >
              ▸
            </Button>
          )}
        </li>
      ))}
    </ol>
  );
}
