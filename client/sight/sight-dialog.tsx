import { Button, Group, NativeSelect } from '@mantine/core';
import { useEffect, useState, type JSX } from 'react';
import type { SightView } from '../../sessions/sight.ts';
import type { Result } from '../common/failure.ts';
import { useStore } from '../common/store.ts';
import { showToast } from '../common/toasts.ts';
import { momentText } from '../rollback/scope-times.ts';
import { httpApi } from '../link/http-api.ts';
import { useTable } from '../link/session-context.ts';
import { TEXT } from '../strings.ts';
import { SightDropped, SightParts } from './sight-parts.tsx';
import { SIGHT } from './sight-strings.ts';
import { figureRows, sightText } from './sight-text.ts';

interface SightDialogProps {
  passageId: string;
  alternativeId: string;
  /** Closes the dialog: something else is being gone to. */
  onClose: () => void;
}

/** What a passage of the narrator was written from. */
export function SightDialog({ passageId, alternativeId, onClose }: SightDialogProps): JSX.Element {
  const { story } = useTable();
  const alternatives = useStore(story.passage(passageId))?.alternatives ?? [];
  const [chosen, setChosen] = useState(alternativeId);
  const sight = useSight(passageId, chosen);
  return (
    <div className="sight stack">
      <p className="note">{SIGHT.intro}</p>
      {alternatives.length > 1 && (
        <NativeSelect
          label={SIGHT.alternative}
          value={chosen}
          onChange={(event) => setChosen(event.currentTarget.value)}
          data={alternatives.map(({ id }, index) => ({
            value: id,
            label: SIGHT.alternativeOf(index + 1, alternatives.length),
          }))}
        />
      )}
      <div role="status">
        {sight === null && <p>{SIGHT.loading}</p>}
        {sight?.ok === false && <p>{sight.code === 'NOT_FOUND' ? SIGHT.none : sight.message}</p>}
      </div>
      {sight?.ok === true && <Sight sight={sight.value} onClose={onClose} />}
    </div>
  );
}

function useSight(passageId: string, alternativeId: string): Result<SightView> | null {
  const { session } = useTable();
  const [sight, setSight] = useState<Result<SightView> | null>(null);
  useEffect(() => {
    let isCurrent = true;
    setSight(null);
    void httpApi.sight(session.sessionId, passageId, alternativeId).then((result) => {
      if (isCurrent) setSight(result);
    });
    return () => {
      isCurrent = false;
    };
  }, [session, passageId, alternativeId]);
  return sight;
}

function Sight({ sight, onClose }: { sight: SightView; onClose: () => void }): JSX.Element {
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(sightText(sight));
    showToast(SIGHT.copied);
  };
  const rows = [...figureRows(sight), [SIGHT.when, momentText(sight.at)] as const];
  return (
    <>
      <section aria-label={SIGHT.figures}>
        <h2 className="dialog-heading">{SIGHT.figures}</h2>
        <dl className="sight-figures">
          {rows.map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      </section>
      <SightDropped sight={sight} onClose={onClose} />
      <SightParts parts={sight.parts} onClose={onClose} />
      <Group gap="xs" justify="flex-end">
        <Button variant="light" onClick={() => void copy()}>
          {SIGHT.copy}
        </Button>
        <Button variant="subtle" color="gray" onClick={onClose}>
          {TEXT.common.close}
        </Button>
      </Group>
    </>
  );
}
