import { TextInput } from '@mantine/core';
import type { JSX } from 'react';

interface IdFieldProps {
  label: string;
  description?: string;
  /** Name of the field, for the browser. */
  name: string;
  value: string;
  /** What is wrong with it; null: nothing. */
  problem: string | null;
  className?: string;
  onChange: (value: string) => void;
}

/** A field for an id that was copied from somewhere. */
export function IdField({ problem, onChange, ...field }: IdFieldProps): JSX.Element {
  return (
    <TextInput
      {...field}
      autoComplete="off"
      spellCheck={false}
      maxLength={64}
      error={problem ?? undefined}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
