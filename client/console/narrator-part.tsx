import { Button } from '@mantine/core';
import { useRef, type JSX } from 'react';
import { useSlice } from '../link/session-context.ts';
import { NarratorModeSelect } from '../narrator/narrator-mode.tsx';
import { TurnList } from '../narrator/turn-list.tsx';
import { openStoryDialog } from '../rollback/rollback-place.ts';
import { ConsoleSection } from './console-section.tsx';
import { CONSOLE } from './console-strings.ts';
import { goToNarratorDesk } from './go-to-desk.ts';

const { narrator: words } = CONSOLE;

/** Who narrates, stopping it, and the way to its desk and its memory. */
export function NarratorPart(): JSX.Element {
  const { turns } = useSlice('narrator');
  const box = useRef<HTMLDivElement>(null);
  return (
    <ConsoleSection title={words.title}>
      <div className="stack" ref={box} tabIndex={-1}>
        <NarratorModeSelect />
        {turns.length === 0 && <p className="note">{words.idle}</p>}
        <TurnList onDone={() => box.current?.focus({ preventScroll: true })} />
        <p className="console-actions">
          <Button size="compact-sm" variant="light" onClick={goToNarratorDesk}>
            {words.toDesk}
          </Button>
          <Button
            size="compact-sm"
            variant="light"
            onClick={() => openStoryDialog({ name: 'memory', itemId: null })}
          >
            {words.memory}
          </Button>
        </p>
      </div>
    </ConsoleSection>
  );
}
