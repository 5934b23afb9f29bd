import { Button } from '@mantine/core';
import { useState, type JSX } from 'react';
import { can } from '../../sessions/roles.ts';
import { Icon } from '../common/icons.tsx';
import { useIsLive, useTable, useYou } from '../link/session-context.ts';
import { useStoryRead } from '../rollback/use-story-read.ts';
import { MemoryCard } from './memory-card.tsx';
import { MemoryForm } from './memory-form.tsx';
import { readMemoryRows, type MemoryRow } from './memory-rows.ts';
import { MEMORY } from './memory-strings.ts';

interface MemoryDialogProps {
  /** The item to begin at. */
  itemId: string | null;
  onClose: () => void;
}

/** The narrator's memory: what counts, and what does not count now and why. */
export function MemoryDialog({ itemId, onClose }: MemoryDialogProps): JSX.Element {
  const rows = useStoryRead(readMemoryRows);
  const you = useYou();
  const mayEdit = can(you.role, 'edit-memory');
  const pinned = rows.filter(({ item, whyNot }) => whyNot === null && item.isPinned);
  const others = rows.filter(({ item, whyNot }) => whyNot === null && !item.isPinned);
  const outdated = rows.filter(({ whyNot }) => whyNot !== null);
  const shared = { mayEdit, itemId, onClose };
  return (
    <div className="memory stack">
      <p className="note">{MEMORY.intro}</p>
      {mayEdit ? <AddMemory /> : <p className="note">{MEMORY.readOnly}</p>}
      {pinned.length + others.length === 0 && <p>{MEMORY.none}</p>}
      <MemoryRows title={MEMORY.pinned} rows={pinned} {...shared} />
      <MemoryRows title={MEMORY.facts} rows={others} {...shared} />
      {outdated.length > 0 && (
        <details open={outdated.some(({ item }) => item.id === itemId)}>
          <summary>{MEMORY.outdated(outdated.length)}</summary>
          <MemoryRows title={null} rows={outdated} {...shared} />
        </details>
      )}
    </div>
  );
}

interface MemoryRowsProps extends MemoryDialogProps {
  title: string | null;
  rows: readonly MemoryRow[];
  mayEdit: boolean;
}

function MemoryRows({ title, rows, ...shared }: MemoryRowsProps): JSX.Element | null {
  if (rows.length === 0) return null;
  return (
    <section aria-label={title ?? MEMORY.outdated(rows.length)}>
      {title !== null && <h2 className="dialog-heading">{title}</h2>}
      <ul className="memory-list">
        {rows.map((row) => (
          <MemoryCard key={row.item.id} row={row} isAskedFor={row.item.id === shared.itemId} {...shared} />
        ))}
      </ul>
    </section>
  );
}

function AddMemory(): JSX.Element {
  const { session } = useTable();
  const isLive = useIsLive();
  const [isAdding, setAdding] = useState(false);
  if (!isAdding) {
    return (
      <div>
        <Button
          size="compact-sm"
          variant="light"
          disabled={!isLive}
          leftSection={<Icon name="plus" size={14} />}
          onClick={() => setAdding(true)}
        >
          {MEMORY.add}
        </Button>
      </div>
    );
  }
  return (
    <MemoryForm
      first=""
      hint={MEMORY.addHint}
      onSave={async (text) => {
        if (await session.act('memory:add', { text })) setAdding(false);
      }}
      onCancel={() => setAdding(false)}
    />
  );
}
