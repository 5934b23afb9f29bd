import { Button, Group, Textarea } from '@mantine/core';
import { useState, type JSX } from 'react';
import { LIMITS } from '../../sessions/limits.ts';
import { useIsLive } from '../link/session-context.ts';
import { TEXT } from '../strings.ts';
import { MEMORY } from './memory-strings.ts';

const SHORTEST = 2;

interface MemoryFormProps {
  first: string;
  hint: string | null;
  onSave: (text: string) => Promise<void>;
  onCancel: () => void;
}

/** Something the narrator is to know, in words. */
export function MemoryForm({ first, hint, onSave, onCancel }: MemoryFormProps): JSX.Element {
  const [text, setText] = useState(first);
  const [isBusy, setBusy] = useState(false);
  const isLive = useIsLive();
  const isGood = text.trim().length >= SHORTEST;
  const save = async (): Promise<void> => {
    setBusy(true);
    await onSave(text.trim());
    setBusy(false);
  };
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        if (isGood && !isBusy) void save();
      }}
    >
      <Textarea
        label={MEMORY.text}
        description={hint}
        autoFocus
        autosize
        minRows={2}
        maxRows={8}
        maxLength={LIMITS.memoryLength}
        value={text}
        onChange={(event) => setText(event.currentTarget.value.replaceAll('\n', ' '))}
      />
      <Group gap="xs">
        <Button type="submit" size="compact-sm" loading={isBusy} disabled={!isLive || !isGood}>
          {TEXT.common.save}
        </Button>
        <Button size="compact-sm" variant="subtle" color="gray" onClick={onCancel}>
          {TEXT.common.cancel}
        </Button>
      </Group>
    </form>
  );
}
