import { Button, NativeSelect, Switch, Textarea } from '@mantine/core';
import { useState, type JSX } from 'react';
import { LIMITS } from '../../sessions/limits.ts';
import type { Genre } from '../../sessions/protocol.ts';
import { useDesk, useIsLive, useSlice, useTable } from '../link/session-context.ts';
import { TEXT } from '../strings.ts';
import { LevelSliders } from './level-sliders.tsx';
import { SAFETY } from './safety-strings.ts';
import { TopicsBox } from './topics-form.tsx';
import { readTopics, writeTopics } from './topics.ts';

interface ZeroValues {
  genre: Genre;
  tone: string;
  contentNotes: string;
  helpText: string;
  lines: string;
  veils: string;
  mayLearn: boolean;
}

interface FieldProps {
  values: ZeroValues;
  onChange: (change: Partial<ZeroValues>) => void;
}

/** Session zero, for game masters: what the table agrees on before it plays. */
export function ZeroForm({ onDone }: { onDone: () => void }): JSX.Element {
  const { session } = useTable();
  const isLive = useIsLive();
  const [values, setValues] = useState(useFirstValues());
  const lines = readTopics(values.lines);
  const veils = readTopics(values.veils);
  const isReady = lines.problem === null && veils.problem === null;
  const change = (part: Partial<ZeroValues>): void => setValues((now) => ({ ...now, ...part }));
  const save = async (): Promise<void> => {
    const agreed = { ...values, lines: lines.topics, veils: veils.topics };
    if (await session.act('session:zero', agreed)) onDone();
  };
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        if (isReady) void save();
      }}
    >
      <p>{SAFETY.zero.intro}</p>
      <MoodFields values={values} onChange={change} />
      <TopicFields values={values} onChange={change} />
      <LevelSliders />
      <Switch
        label={SAFETY.zero.learn}
        checked={values.mayLearn}
        onChange={(event) => change({ mayLearn: event.currentTarget.checked })}
      />
      <Button type="submit" disabled={!isLive || !isReady}>
        {TEXT.common.save}
      </Button>
    </form>
  );
}

function useFirstValues(): ZeroValues {
  const { genre, tone, contentNotes, mayLearn } = useSlice('safety');
  const { helpText, review } = useDesk();
  return {
    genre,
    tone,
    contentNotes,
    helpText,
    lines: writeTopics(review?.tableLines ?? []),
    veils: writeTopics(review?.tableVeils ?? []),
    mayLearn,
  };
}

function MoodFields({ values, onChange }: FieldProps): JSX.Element {
  const genres = Object.entries(SAFETY.genres).map(([value, label]) => ({ value, label }));
  return (
    <>
      <NativeSelect
        label={SAFETY.agreement.genre}
        data={genres}
        value={values.genre}
        onChange={(event) => onChange({ genre: genreOf(event.currentTarget.value) })}
      />
      <LongText
        label={SAFETY.agreement.tone}
        hint={SAFETY.zero.toneHint}
        max={LIMITS.noteLength}
        value={values.tone}
        onChange={(tone) => onChange({ tone })}
      />
      <LongText
        label={SAFETY.agreement.content}
        hint={SAFETY.zero.contentHint}
        max={LIMITS.noteLength}
        value={values.contentNotes}
        onChange={(contentNotes) => onChange({ contentNotes })}
      />
      <LongText
        label={SAFETY.zero.helpText}
        hint={SAFETY.zero.helpTextHint}
        max={LIMITS.helpLength}
        value={values.helpText}
        onChange={(helpText) => onChange({ helpText })}
      />
    </>
  );
}

function TopicFields({ values, onChange }: FieldProps): JSX.Element {
  return (
    <>
      <TopicsBox
        label={SAFETY.zero.lines}
        hint={SAFETY.topics.linesHint}
        value={values.lines}
        onChange={(lines) => onChange({ lines })}
      />
      <TopicsBox
        label={SAFETY.zero.veils}
        hint={SAFETY.topics.veilsHint}
        value={values.veils}
        onChange={(veils) => onChange({ veils })}
      />
      <p className="note">{SAFETY.zero.merged}</p>
    </>
  );
}

interface LongTextProps {
  label: string;
  hint: string;
  max: number;
  value: string;
  onChange: (value: string) => void;
}

function LongText({ label, hint, max, value, onChange }: LongTextProps): JSX.Element {
  return (
    <Textarea
      label={label}
      description={hint}
      autosize
      minRows={1}
      maxRows={8}
      maxLength={max}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}

const GENRES: readonly Genre[] = [
  'general',
  'fairy-tale',
  'fantasy',
  'science-fiction',
  'horror',
  'war',
  'noir',
  'romance',
];

function genreOf(value: string): Genre {
  return GENRES.find((genre) => genre === value) ?? 'general';
}
