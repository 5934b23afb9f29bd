import { Button, NativeSelect, NumberInput, TextInput } from '@mantine/core';
import { useState, type JSX } from 'react';
import { LIMITS } from '../../sessions/limits.ts';
import type { CreateAnswer, TurnMode } from '../../sessions/protocol.ts';
import { readStored, writeStored } from '../common/browser-storage.ts';
import { httpApi } from '../link/http-api.ts';
import { DraftFields, StoryFields, type StorySettings } from '../settings/settings-form.tsx';
import { MODE_CHOICES, modeOf } from '../turn/turn-controls.tsx';
import { TEXT } from '../strings.ts';
import { CastFields, type CastRow } from './cast-fields.tsx';

const NAME_KEY = 'taleloom:name';

interface NewSession extends StorySettings {
  cast: CastRow[];
  turnMode: TurnMode;
  timerSeconds: number | null;
  ownerName: string;
}

const firstValues = (): NewSession => ({
  title: '',
  premise: '',
  cast: [{ key: 1, name: '', description: '' }],
  rating: 'teen',
  turnMode: 'free',
  timerSeconds: null,
  draftVisibility: 'live',
  autoCommitIdleMs: null,
  ownerName: readStored<string>(NAME_KEY) ?? '',
});

/** Everything a session begins with. Only a title and a name are needed. */
export function CreateForm({ onCreated }: { onCreated: (answer: CreateAnswer) => void }): JSX.Element {
  const [values, setValues] = useState(firstValues);
  const [problem, setProblem] = useState('');
  const [isBusy, setBusy] = useState(false);
  const change = (part: Partial<NewSession>): void => setValues((now) => ({ ...now, ...part }));
  const create = async (): Promise<void> => {
    setBusy(true);
    writeStored(NAME_KEY, values.ownerName);
    const cast = values.cast
      .filter((row) => row.name.trim() !== '')
      .map(({ name, description }) => ({ name, description }));
    const created = await httpApi.create({ ...values, cast });
    setBusy(false);
    if (created.ok) onCreated(created.value);
    else setProblem(created.message);
  };
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        void create();
      }}
    >
      <StoryFields values={values} onChange={change} />
      <CastFields cast={values.cast} onChange={(cast) => change({ cast })} />
      <details className="more-fields">
        <summary>{TEXT.home.more}</summary>
        <div className="stack">
          <TurnFields values={values} onChange={change} />
          <DraftFields values={values} onChange={change} />
        </div>
      </details>
      <TextInput
        label={TEXT.home.yourName}
        required
        withAsterisk={false}
        autoComplete="nickname"
        maxLength={LIMITS.nameLength}
        value={values.ownerName}
        onChange={(event) => change({ ownerName: event.currentTarget.value })}
      />
      <p className="problem" role="alert">
        {problem}
      </p>
      <Button
        type="submit"
        size="md"
        loading={isBusy}
        disabled={values.title.trim() === '' || values.ownerName.trim() === ''}
      >
        {isBusy ? TEXT.home.creating : TEXT.home.create}
      </Button>
    </form>
  );
}

function TurnFields(props: {
  values: NewSession;
  onChange: (part: Partial<NewSession>) => void;
}): JSX.Element {
  const { turnMode, timerSeconds } = props.values;
  return (
    <>
      <NativeSelect
        label={TEXT.home.turns}
        description={TEXT.modeHints[turnMode]}
        data={MODE_CHOICES}
        value={turnMode}
        onChange={(event) => {
          const mode = modeOf(event.currentTarget.value);
          props.onChange({ turnMode: mode, timerSeconds: mode === 'ordered' ? timerSeconds : null });
        }}
      />
      {turnMode === 'ordered' && (
        <NumberInput
          label={TEXT.home.timer}
          min={10}
          max={86_400}
          value={timerSeconds ?? ''}
          onChange={(value) => props.onChange({ timerSeconds: typeof value === 'number' ? value : null })}
        />
      )}
    </>
  );
}
