import { Button, Group, TextInput } from '@mantine/core';
import { useState, type JSX } from 'react';
import { LIMITS } from '../../sessions/limits.ts';
import { useIsLive } from '../link/session-context.ts';
import { TEXT } from '../strings.ts';

interface CastValues {
  name: string;
  description: string;
}

interface CastFormProps {
  first: CastValues;
  onSave: (values: CastValues) => Promise<void>;
  onCancel: () => void;
}

/** Name and one-line description of a cast member. */
export function CastForm({ first, onSave, onCancel }: CastFormProps): JSX.Element {
  const [name, setName] = useState(first.name);
  const [description, setDescription] = useState(first.description);
  const isLive = useIsLive();
  return (
    <form
      className="stack cast-form"
      onSubmit={(event) => {
        event.preventDefault();
        void onSave({ name, description });
      }}
    >
      <TextInput
        label={TEXT.cast.name}
        required
        maxLength={LIMITS.nameLength}
        data-autofocus
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <TextInput
        label={TEXT.cast.description}
        maxLength={LIMITS.castDescriptionLength}
        value={description}
        onChange={(event) => setDescription(event.currentTarget.value)}
      />
      <Group gap="xs">
        <Button type="submit" size="compact-sm" disabled={!isLive || name.trim() === ''}>
          {TEXT.common.save}
        </Button>
        <Button size="compact-sm" variant="subtle" color="gray" onClick={onCancel}>
          {TEXT.common.cancel}
        </Button>
      </Group>
    </form>
  );
}
