import { SegmentedControl } from '@mantine/core';
import type { JSX } from 'react';
import { BranchesPart } from '../branches/branches-part.tsx';
import { useStore } from '../common/store.ts';
import { CheckpointsPart } from './checkpoints.tsx';
import { historyPart, type HistoryPart } from './history-place.ts';
import { HISTORY } from './history-strings.ts';
import { TimelinePart } from './timeline.tsx';

const PARTS: readonly HistoryPart[] = ['timeline', 'checkpoints', 'branches'];

/** The past of the story and its other branches. */
export function HistoryPanel(): JSX.Element {
  const part = useStore(historyPart);
  return (
    <div className="history">
      <SegmentedControl
        fullWidth
        size="xs"
        aria-label={HISTORY.partsLabel}
        data={PARTS.map((one) => ({ value: one, label: HISTORY.parts[one] }))}
        value={part}
        onChange={(value) => historyPart.set(PARTS.find((one) => one === value) ?? 'timeline')}
      />
      {part === 'timeline' && <TimelinePart />}
      {part === 'checkpoints' && <CheckpointsPart />}
      {part === 'branches' && <BranchesPart />}
    </div>
  );
}
