import { ActionIcon, Button, Input, TextInput } from '@mantine/core';
import type { JSX } from 'react';
import { LIMITS } from '../../sessions/limits.ts';
import { Icon } from '../common/icons.tsx';
import { TEXT } from '../strings.ts';

/** A cast member being invented. `key` only tells rows apart. */
export interface CastRow {
  key: number;
  name: string;
  description: string;
}

interface CastFieldsProps {
  cast: readonly CastRow[];
  onChange: (cast: CastRow[]) => void;
}

/** The cast of a new story: a name and a line for each. */
export function CastFields({ cast, onChange }: CastFieldsProps): JSX.Element {
  const change = (key: number, part: Partial<CastRow>): void =>
    onChange(cast.map((row) => (row.key === key ? { ...row, ...part } : row)));
  const add = (): void =>
    onChange([...cast, { key: (cast.at(-1)?.key ?? 0) + 1, name: '', description: '' }]);
  return (
    <div className="cast-fields" role="group" aria-labelledby="cast-label">
      <Input.Label id="cast-label" component="p">
        {TEXT.home.cast}
      </Input.Label>
      <Input.Description>{TEXT.home.castHint}</Input.Description>
      {cast.map((row, index) => (
        <div key={row.key} className="cast-row">
          <TextInput
            aria-label={TEXT.home.castName(index + 1)}
            placeholder={TEXT.home.castNamePlaceholder}
            maxLength={LIMITS.nameLength}
            value={row.name}
            onChange={(event) => change(row.key, { name: event.currentTarget.value })}
          />
          <TextInput
            className="grow"
            aria-label={TEXT.home.castDescription(index + 1)}
            placeholder={TEXT.home.castDescriptionPlaceholder}
            maxLength={LIMITS.castDescriptionLength}
            value={row.description}
            onChange={(event) => change(row.key, { description: event.currentTarget.value })}
          />
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={TEXT.home.removeCast(index + 1)}
            onClick={() => onChange(cast.filter((one) => one.key !== row.key))}
          >
            <Icon name="close" size={16} />
          </ActionIcon>
        </div>
      ))}
      {cast.length < LIMITS.castLength && (
        <Button size="compact-sm" variant="light" onClick={add} leftSection={<Icon name="plus" size={14} />}>
          {TEXT.home.addCast}
        </Button>
      )}
    </div>
  );
}
