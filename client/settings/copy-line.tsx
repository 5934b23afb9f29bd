import { Button, TextInput } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import type { JSX } from 'react';
import { TEXT } from '../strings.ts';

/** A link to be copied: readable, selectable, and copied by one button. */
export function CopyLine(props: { label: string; copyLabel: string; text: string }): JSX.Element {
  const clipboard = useClipboard({ timeout: 2_000 });
  return (
    <div className="copy-line">
      <TextInput
        className="grow"
        label={props.label}
        readOnly
        value={props.text}
        onFocus={(event) => event.currentTarget.select()}
      />
      <Button
        variant="light"
        aria-label={clipboard.copied ? TEXT.common.copied : props.copyLabel}
        onClick={() => clipboard.copy(props.text)}
      >
        {clipboard.copied ? TEXT.common.copied : TEXT.common.copy}
      </Button>
    </div>
  );
}
