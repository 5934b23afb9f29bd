import { Button, NativeSelect, NumberInput, Switch, Textarea, TextInput } from '@mantine/core';
import { useState, type JSX } from 'react';
import { LIMITS } from '../../sessions/limits.ts';
import type { DraftVisibility, Rating } from '../../sessions/protocol.ts';
import { useIsLive, useSlice, useTable } from '../link/session-context.ts';
import { TEXT } from '../strings.ts';

const RATINGS: readonly Rating[] = ['everyone', 'teen', 'mature'];
const VISIBILITIES: readonly DraftVisibility[] = ['live', 'private'];
const USUAL_REST_MS = 20_000;

/** Settings that a session is created with and may be changed later. */
export interface StorySettings {
  title: string;
  premise: string;
  rating: Rating;
  draftVisibility: DraftVisibility;
  autoCommitIdleMs: number | null;
}

interface FieldProps {
  values: StorySettings;
  onChange: (change: Partial<StorySettings>) => void;
}

/** For game masters: what the session is called, what it is about, and how drafts behave. */
export function SettingsForm({ onDone }: { onDone: () => void }): JSX.Element {
  const { session } = useTable();
  const about = useSlice('about');
  const isLive = useIsLive();
  const [values, setValues] = useState<StorySettings>({
    title: about.title,
    premise: about.premise,
    rating: about.rating,
    draftVisibility: about.draftVisibility,
    autoCommitIdleMs: about.autoCommitIdleMs,
  });
  const change = (part: Partial<StorySettings>): void => setValues((now) => ({ ...now, ...part }));
  const save = async (): Promise<void> => {
    if (await session.act('session:settings', values)) onDone();
  };
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <StoryFields values={values} onChange={change} />
      <DraftFields values={values} onChange={change} />
      <Button type="submit" disabled={!isLive || values.title.trim() === ''}>
        {TEXT.common.save}
      </Button>
    </form>
  );
}

/** Title and premise. */
export function StoryFields({ values, onChange }: FieldProps): JSX.Element {
  return (
    <>
      <TextInput
        label={TEXT.home.title}
        placeholder={TEXT.home.titlePlaceholder}
        required
        withAsterisk={false}
        maxLength={LIMITS.titleLength}
        value={values.title}
        onChange={(event) => onChange({ title: event.currentTarget.value })}
      />
      <Textarea
        label={TEXT.home.premise}
        description={TEXT.home.premiseHint}
        autosize
        minRows={2}
        maxRows={10}
        maxLength={LIMITS.premiseLength}
        value={values.premise}
        onChange={(event) => onChange({ premise: event.currentTarget.value })}
      />
    </>
  );
}

/** Rating and the behaviour of drafts. */
export function DraftFields({ values, onChange }: FieldProps): JSX.Element {
  const rest = values.autoCommitIdleMs;
  return (
    <>
      <NativeSelect
        label={TEXT.home.rating}
        data={RATINGS.map((rating) => ({ value: rating, label: TEXT.ratings[rating] }))}
        value={values.rating}
        onChange={(event) =>
          onChange({ rating: RATINGS.find((one) => one === event.currentTarget.value) ?? 'teen' })
        }
      />
      <NativeSelect
        label={TEXT.home.visibility}
        data={VISIBILITIES.map((one) => ({ value: one, label: TEXT.visibilities[one] }))}
        value={values.draftVisibility}
        onChange={(event) =>
          onChange({ draftVisibility: event.currentTarget.value === 'private' ? 'private' : 'live' })
        }
      />
      <Switch
        label={TEXT.home.autoCommit}
        checked={rest !== null}
        onChange={(event) =>
          onChange({ autoCommitIdleMs: event.currentTarget.checked ? USUAL_REST_MS : null })
        }
      />
      {rest !== null && (
        <NumberInput
          label={TEXT.home.autoCommitSeconds}
          min={2}
          max={600}
          value={rest / 1_000}
          onChange={(value) =>
            onChange({ autoCommitIdleMs: typeof value === 'number' ? value * 1_000 : USUAL_REST_MS })
          }
        />
      )}
    </>
  );
}
