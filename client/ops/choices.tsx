import { Radio } from '@mantine/core';
import type { JSX } from 'react';

interface ChoicesProps<Value extends string> {
  label: string;
  name: string;
  of: readonly { value: Value; label: string; description?: string }[];
  value: Value;
  onChange: (value: Value) => void;
}

/** One of a few, each with what it means. */
export function Choices<Value extends string>({ of, onChange, ...group }: ChoicesProps<Value>): JSX.Element {
  const choose = (value: string): void => {
    const chosen = of.find((each) => each.value === value);
    if (chosen !== undefined) onChange(chosen.value);
  };
  return (
    <Radio.Group {...group} onChange={choose}>
      <div className="ops-choices">
        {of.map((each) => (
          <Radio key={each.value} {...each} />
        ))}
      </div>
    </Radio.Group>
  );
}
