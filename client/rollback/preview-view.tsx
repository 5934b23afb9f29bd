import { Button, Checkbox, Radio, Stack, Textarea } from '@mantine/core';
import { useState, type JSX, type ReactNode } from 'react';
import type { RollbackPreview, RollbackScope, RollbackTiming } from '../../sessions/history-view.ts';
import { LIMITS } from '../../sessions/limits.ts';
import { useIsLive } from '../link/session-context.ts';
import { TEXT } from '../strings.ts';
import { PreviewBesides } from './preview-besides.tsx';
import { PreviewDependents } from './preview-dependents.tsx';
import { timingOf, usePreviewDesk, type PreviewDesk } from './preview-desk.ts';
import { PreviewPassages } from './preview-passages.tsx';
import { effectCounts, executeLabel } from './preview-plan.ts';
import { ROLLBACK } from './rollback-strings.ts';

const { preview: words, timing: when, stale } = ROLLBACK;
const TIMINGS: readonly RollbackTiming[] = ['now', 'turn', 'scene', 'branch'];

interface PreviewViewProps {
  scope: RollbackScope;
  onDone: () => void;
  /** The other buttons beside the one that does it. */
  children: ReactNode;
}

/** What a rollback would do, and the button that does exactly that. */
export function PreviewView({ scope, onDone, children }: PreviewViewProps): JSX.Element {
  const desk = usePreviewDesk(scope);
  const { preview, failure } = desk;
  return (
    <>
      <div role="status" className="rollback-status">
        {preview === null && failure === null && <p>{words.loading}</p>}
        <StaleNews news={desk.news} />
      </div>
      {preview !== null && <Plan preview={preview} desk={desk} />}
      <p role="alert" className="problem">
        {failure?.message}
      </p>
      <div className="rollback-buttons">
        {children}
        {preview === null ? (
          failure !== null && <LookAgain desk={desk} />
        ) : (
          <Execute desk={desk} onDone={onDone} />
        )}
      </div>
    </>
  );
}

function StaleNews({ news }: { news: readonly string[] }): JSX.Element | null {
  if (news.length === 0) return null;
  return (
    <div className="rollback-stale">
      <p>
        <strong>{stale.title}</strong>
      </p>
      {news.map((line) => (
        <p key={line}>{line}</p>
      ))}
    </div>
  );
}

function Plan({ preview, desk }: { preview: RollbackPreview; desk: PreviewDesk }): JSX.Element {
  return (
    <>
      <PreviewPassages preview={preview} />
      <PreviewDependents
        preview={preview}
        choices={desk.choices}
        onChange={(choices) => desk.change({ choices })}
      />
      <PreviewBesides preview={preview} choices={desk.choices} />
      <When desk={desk} preview={preview} />
      <Textarea
        label={ROLLBACK.reason}
        autosize
        minRows={1}
        maxRows={5}
        maxLength={LIMITS.noteLength}
        value={desk.reason}
        onChange={(event) => desk.change({ reason: event.currentTarget.value })}
      />
    </>
  );
}

function When({ desk, preview }: { desk: PreviewDesk; preview: RollbackPreview }): JSX.Element {
  const chosen = timingOf(desk);
  // Taking a rollback back is not weighed: it brings back what people have read.
  const isUndo = preview.scope.kind === 'undo';
  return (
    <section className="rollback-part">
      <Radio.Group
        label={when.label}
        description={isUndo ? undefined : preview.advice}
        value={chosen}
        onChange={(value) => desk.change({ timing: TIMINGS.find((known) => known === value) ?? null })}
      >
        <Stack gap="xs" pt="xs">
          {TIMINGS.filter((timing) => !isUndo || timing !== 'branch').map((timing) => (
            <Radio
              key={timing}
              value={timing}
              disabled={desk.isSafety}
              label={
                <>
                  {when.options[timing]}{' '}
                  {timing === preview.advised && <span className="badge">{when.advised}</span>}
                </>
              }
              description={timing === chosen ? when.hints[timing] : undefined}
            />
          ))}
        </Stack>
      </Radio.Group>
      <Checkbox
        mt="sm"
        label={when.safety}
        checked={desk.isSafety}
        onChange={(event) => desk.change({ isSafety: event.currentTarget.checked })}
      />
    </section>
  );
}

function Execute({ desk, onDone }: { desk: PreviewDesk; onDone: () => void }): JSX.Element | null {
  const isLive = useIsLive();
  const { preview, choices } = desk;
  if (preview === null) return null;
  const counts = effectCounts(preview, choices);
  const isNothing = counts.strike + counts.restore + counts.change === 0;
  const execute = async (): Promise<void> => {
    if (await desk.execute()) onDone();
  };
  return (
    <Button color="red" disabled={!isLive || isNothing} loading={desk.isBusy} onClick={() => void execute()}>
      {executeLabel(counts, timingOf(desk))}
    </Button>
  );
}

function LookAgain({ desk }: { desk: PreviewDesk }): JSX.Element {
  const [isBusy, setBusy] = useState(false);
  const again = async (): Promise<void> => {
    setBusy(true);
    await desk.look();
    setBusy(false);
  };
  return (
    <Button variant="light" loading={isBusy} disabled={!useIsLive()} onClick={() => void again()}>
      {TEXT.common.retry}
    </Button>
  );
}
