import { Button, Group, NativeSelect, TextInput } from '@mantine/core';
import { useEffect, useState, type JSX } from 'react';
import type { RollbackScope } from '../../sessions/history-view.ts';
import { readStory } from '../../sessions/story-shape.ts';
import { readLine } from '../../sessions/story-lines.ts';
import type * as Y from 'yjs';
import { useSlice } from '../link/session-context.ts';
import { versionsOf, type NarratorVersion } from './narrator-versions.ts';
import { ROLLBACK } from './rollback-strings.ts';
import { checkpointText } from './scope-text.ts';
import { fromLocalInput, momentText, toLocalInput } from './scope-times.ts';
import { useStoryRead } from './use-story-read.ts';

const { choose } = ROLLBACK;
const MINUTE_MS = 60_000;
const MOMENT = 'moment';

interface ScopeFieldsProps {
  /** When the form was opened, on the server's clock; epoch ms. */
  now: number;
  /** Null: what is filled in says nothing yet. */
  onChange: (scope: RollbackScope | null) => void;
}

/** Tells the form what is filled in whenever that is something else. */
function useScope(scope: RollbackScope | null, onChange: ScopeFieldsProps['onChange']): void {
  const key = JSON.stringify(scope);
  useEffect(() => onChange(scope), [key]);
}

/** A checkpoint, or a day and time. */
export function PointScope({ now, onChange }: ScopeFieldsProps): JSX.Element {
  const { checkpoints } = useSlice('history');
  const newest = checkpoints.toReversed();
  const [chosen, setChosen] = useState(newest[0]?.id ?? MOMENT);
  const [moment, setMoment] = useState(() => toLocalInput(now - 10 * MINUTE_MS));
  const time = fromLocalInput(moment);
  const isMoment = chosen === MOMENT;
  const to = isMoment ? (time === null ? null : { time }) : { checkpointId: chosen };
  useScope(to === null ? null : { kind: 'point', to }, onChange);
  return (
    <>
      <NativeSelect
        label={choose.checkpoint}
        value={chosen}
        onChange={(event) => setChosen(event.currentTarget.value)}
        data={[
          ...newest.map((checkpoint) => ({ value: checkpoint.id, label: checkpointText(checkpoint) })),
          { value: MOMENT, label: choose.aMoment },
        ]}
      />
      {isMoment && <Moment label={choose.moment} value={moment} onChange={setMoment} />}
    </>
  );
}

/** A player, from one moment to another. */
export function PlayerScope({ now, onChange }: ScopeFieldsProps): JSX.Element {
  const players = useSlice('players');
  const [playerId, setPlayerId] = useState(players[0]?.id ?? '');
  const [from, setFrom] = useState(() => toLocalInput(now - 10 * MINUTE_MS));
  const [to, setTo] = useState(() => toLocalInput(now + MINUTE_MS));
  const [begin, end] = [fromLocalInput(from), fromLocalInput(to)];
  const isGood = begin !== null && end !== null && begin < end && playerId !== '';
  useScope(isGood ? { kind: 'player', playerId, from: begin, to: end } : null, onChange);
  const since = (at: number): void => {
    setFrom(toLocalInput(at));
    setTo(toLocalInput(now + MINUTE_MS));
  };
  const quick = [
    [choose.last10, now - 10 * MINUTE_MS],
    [choose.lastHour, now - 60 * MINUTE_MS],
    [choose.always, 0],
  ] as const;
  return (
    <>
      <NativeSelect
        label={choose.player}
        value={playerId}
        onChange={(event) => setPlayerId(event.currentTarget.value)}
        data={players.map(({ id, name, isGone }) => ({
          value: id,
          label: isGone ? choose.gone(name) : name,
        }))}
      />
      <Group gap="xs" role="group" aria-label={choose.quick}>
        {quick.map(([label, at]) => (
          <Button
            key={label}
            size="compact-sm"
            variant={from === toLocalInput(at) ? 'filled' : 'light'}
            aria-pressed={from === toLocalInput(at)}
            onClick={() => since(at)}
          >
            {label}
          </Button>
        ))}
      </Group>
      <div className="rollback-times">
        <Moment label={choose.from} value={from} onChange={setFrom} />
        <Moment label={choose.to} value={to} onChange={setTo} error={isGood ? null : choose.badTime} />
      </div>
    </>
  );
}

function versionsInPlay(story: Y.Doc): NarratorVersion[] {
  const line = new Set(readLine(story));
  return versionsOf(readStory(story).filter(({ id }) => line.has(id)));
}

/** A version of the narrator that is found in the story. */
export function VersionScope({ onChange }: ScopeFieldsProps): JSX.Element {
  const versions = useStoryRead(versionsInPlay);
  const [chosen, setChosen] = useState(versions[0]?.version ?? '');
  useScope(chosen === '' ? null : { kind: 'version', version: chosen }, onChange);
  if (versions.length === 0) return <p className="note">{choose.noVersions}</p>;
  return (
    <NativeSelect
      label={choose.version}
      value={chosen}
      onChange={(event) => setChosen(event.currentTarget.value)}
      data={versions.map(({ version, passages, from, to }) => ({
        value: version,
        label: choose.versionOf(version, passages, momentText(from), momentText(to)),
      }))}
    />
  );
}

interface MomentProps {
  label: string;
  value: string;
  onChange: (value: string) => void;
  error?: string | null;
}

function Moment({ label, value, onChange, error = null }: MomentProps): JSX.Element {
  return (
    <TextInput
      type="datetime-local"
      step={1}
      label={label}
      value={value}
      error={error}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
