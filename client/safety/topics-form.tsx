import { Button, Textarea } from '@mantine/core';
import { useState, type JSX } from 'react';
import { showToast } from '../common/toasts.ts';
import { useDesk, useIsLive, useSlice, useTable } from '../link/session-context.ts';
import { TEXT } from '../strings.ts';
import { SAFETY } from './safety-strings.ts';
import { readTopics, writeTopics } from './topics.ts';

/** One's own lines and veils: private, and added to the table's lists without a name. */
export function TopicsForm({ onDone }: { onDone: () => void }): JSX.Element {
  const { session } = useTable();
  const desk = useDesk();
  const { findsParaphrases } = useSlice('safety');
  const isLive = useIsLive();
  const [lines, setLines] = useState(() => writeTopics(desk.lines));
  const [veils, setVeils] = useState(() => writeTopics(desk.veils));
  const read = { lines: readTopics(lines), veils: readTopics(veils) };
  const isReady = read.lines.problem === null && read.veils.problem === null;
  const save = async (): Promise<void> => {
    const topics = { lines: read.lines.topics, veils: read.veils.topics };
    if (!(await session.act('safety:topics', topics))) return;
    showToast(SAFETY.topics.saved);
    onDone();
  };
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        if (isReady) void save();
      }}
    >
      <p>{SAFETY.topics.intro}</p>
      <TopicsBox
        label={SAFETY.topics.lines}
        hint={SAFETY.topics.linesHint}
        value={lines}
        onChange={setLines}
        isFirst
      />
      <TopicsBox
        label={SAFETY.topics.veils}
        hint={SAFETY.topics.veilsHint}
        value={veils}
        onChange={setVeils}
      />
      <p className="note">{findsParaphrases ? SAFETY.topics.paraphrases : SAFETY.topics.noParaphrases}</p>
      <Button type="submit" disabled={!isLive || !isReady}>
        {TEXT.common.save}
      </Button>
    </form>
  );
}

interface TopicsBoxProps {
  label: string;
  hint?: string;
  value: string;
  onChange: (value: string) => void;
  isFirst?: boolean;
}

/** A box of topics, one on each row; says what is wrong with them. */
export function TopicsBox({ label, hint, value, onChange, isFirst = false }: TopicsBoxProps): JSX.Element {
  return (
    <Textarea
      label={label}
      description={hint ?? null}
      autosize
      minRows={2}
      maxRows={12}
      data-autofocus={isFirst || undefined}
      error={readTopics(value).problem}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
