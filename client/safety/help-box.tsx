import { Button } from '@mantine/core';
import type { JSX } from 'react';
import { SAFETY } from './safety-strings.ts';

/** The host's help text for somebody who may be telling of wanting to hurt themselves: calm, and without blame. */
export function HelpBox({ text, onClose }: { text: string; onClose: () => void }): JSX.Element {
  return (
    <div className="help-box" role="note" aria-label={SAFETY.help.title}>
      <p className="help-title">{SAFETY.help.title}</p>
      <p>{SAFETY.help.body}</p>
      <p>{text === '' ? SAFETY.help.noText : SAFETY.help.fromHost}</p>
      {text !== '' && <p className="said">{text}</p>}
      <Button size="compact-sm" variant="light" onClick={onClose}>
        {SAFETY.help.dismiss}
      </Button>
    </div>
  );
}
