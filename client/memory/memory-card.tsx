import { Button, Group } from '@mantine/core';
import { useEffect, useRef, useState, type JSX } from 'react';
import { NARRATOR } from '../../sessions/story-shape.ts';
import type { MemoryItem } from '../../sessions/memory-shape.ts';
import { useAuthors } from '../common/authors.ts';
import { useIsLive, useTable, useYou } from '../link/session-context.ts';
import { goToPassage } from '../review/go-to-passage.ts';
import { excerptOf } from '../rollback/excerpt.ts';
import { MemoryForm } from './memory-form.tsx';
import type { MemoryRow } from './memory-rows.ts';
import { MEMORY } from './memory-strings.ts';

const NAMED = 40;
const PASSAGES = 8;

interface MemoryCardProps {
  row: MemoryRow;
  mayEdit: boolean;
  isAskedFor: boolean;
  /** Closes the panel: a passage is being gone to. */
  onClose: () => void;
}

/** One thing the narrator knows, where it comes from, and what can be done about it. */
export function MemoryCard({ row, mayEdit, isAskedFor, onClose }: MemoryCardProps): JSX.Element {
  const { session } = useTable();
  const { item, whyNot } = row;
  const [isEditing, setEditing] = useState(false);
  const cardRef = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (isAskedFor) cardRef.current?.scrollIntoView({ block: 'center' });
  }, [isAskedFor]);
  return (
    <li ref={cardRef} className="memory-item" data-item-id={item.id} data-current={whyNot === null}>
      {isEditing ? (
        <MemoryForm
          first={item.text}
          hint={null}
          onSave={async (text) => {
            if (await session.act('memory:edit', { itemId: item.id, text })) setEditing(false);
          }}
          onCancel={() => setEditing(false)}
        />
      ) : (
        <p className="memory-text">{item.text}</p>
      )}
      <Origin item={item} />
      {whyNot !== null && <p className="memory-why">{MEMORY.counts(MEMORY.whyNot[whyNot])}</p>}
      <Passages row={row} onClose={onClose} />
      {mayEdit && !isEditing && <Actions item={item} onEdit={() => setEditing(true)} />}
    </li>
  );
}

function Origin({ item }: { item: MemoryItem }): JSX.Element {
  const { nameOf, colourOf } = useAuthors();
  const you = useYou();
  const kind = item.span === 'scene' ? MEMORY.sceneSummary : MEMORY.kinds[item.kind];
  const isNoted = item.by === NARRATOR;
  const whose = item.by === you.playerId ? MEMORY.byYou : MEMORY.by(nameOf(item.by));
  return (
    <p className="rollback-meta">
      <span className="badge">{kind}</span>
      <span className="byline-author">
        <span className={`dot ${colourOf(item.by)}`} aria-hidden="true" />
        {isNoted ? MEMORY.noted : whose}
      </span>
      {item.sources.length === 0 && <span>{MEMORY.written}</span>}
    </p>
  );
}

function Passages({ row, onClose }: Pick<MemoryCardProps, 'row' | 'onClose'>): JSX.Element | null {
  const { passages } = row;
  const [all, setAll] = useState(false);
  if (passages.length === 0) return null;
  const shown = all ? passages : passages.slice(0, PASSAGES);
  return (
    <p className="memory-passages">
      {MEMORY.from}{' '}
      {shown.map(({ passageId, excerpt, isThere }) =>
        isThere ? (
          <button
            key={passageId}
            type="button"
            className="link-button"
            aria-label={MEMORY.goTo(excerpt)}
            onClick={() => {
              onClose();
              goToPassage(passageId);
            }}
          >
            “{excerpt}”
          </button>
        ) : (
          <span key={passageId}>{excerpt === '' ? MEMORY.passageAway : `“${excerpt}”`}</span>
        ),
      )}
      {passages.length > shown.length && (
        <button type="button" className="link-button" onClick={() => setAll(true)}>
          {MEMORY.morePassages(passages.length - shown.length)}
        </button>
      )}
    </p>
  );
}

function Actions({ item, onEdit }: { item: MemoryItem; onEdit: () => void }): JSX.Element {
  const { session } = useTable();
  const isLive = useIsLive();
  const [isAsking, setAsking] = useState(false);
  const name = excerptOf(item.text, NAMED);
  const { id: itemId, isPinned } = item;
  if (isAsking) {
    return (
      <Group gap="xs" role="group" aria-label={MEMORY.deleteAsk}>
        <span className="note">{MEMORY.deleteAsk}</span>
        <Button
          size="compact-xs"
          color="red"
          autoFocus
          disabled={!isLive}
          onClick={() => void session.act('memory:delete', { itemId })}
        >
          {MEMORY.deleteShort}
        </Button>
        <Button size="compact-xs" variant="subtle" color="gray" onClick={() => setAsking(false)}>
          {MEMORY.keep}
        </Button>
      </Group>
    );
  }
  const action = (label: string, long: string, run: () => void): JSX.Element => (
    <Button size="compact-xs" variant="subtle" aria-label={long} disabled={!isLive} onClick={run}>
      {label}
    </Button>
  );
  const pin = (): void => void session.act('memory:pin', { itemId, isPinned: !isPinned });
  return (
    <Group gap="xs">
      {isPinned
        ? action(MEMORY.unpinShort, MEMORY.unpin(name), pin)
        : action(MEMORY.pinShort, MEMORY.pin(name), pin)}
      {action(MEMORY.editShort, MEMORY.edit(name), onEdit)}
      {action(MEMORY.deleteShort, MEMORY.delete(name), () => setAsking(true))}
    </Group>
  );
}
