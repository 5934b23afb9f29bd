import { Button } from '@mantine/core';
import { useState, type JSX } from 'react';
import type { OpsIncident } from '../../sessions/ops-view.ts';
import { AskDialog } from '../common/ask-dialog.tsx';
import { clockTime } from '../common/clock-time.ts';
import { showToast } from '../common/toasts.ts';
import { spanText } from './figures.ts';
import { INCIDENTS_SHAPE } from './incident-shape.ts';
import { IncidentStepView } from './incident-step.tsx';
import { INCIDENTS as words } from './incidents-strings.ts';
import { askOps } from './ops-api.ts';
import { PageHead } from './page-head.tsx';
import { PageLink } from './page-link.tsx';
import { Card, LivePart, StateMark } from './parts.tsx';
import { useLive } from './use-live.ts';

/** One incident: its steps one after the other, its bundle, its end. */
export function IncidentPage({ incidentId }: { incidentId: string }): JSX.Element {
  const live = useLive<{ incidents: OpsIncident[] }>('/incidents', INCIDENTS_SHAPE);
  return (
    <>
      <PageHead tab="incidents" live={live} />
      <p>
        <PageLink tab="incidents">{words.back}</PageLink>
      </p>
      <LivePart live={live}>
        {({ incidents }) => {
          const incident = incidents.find(({ id }) => id === incidentId);
          if (incident === undefined) return <p>{words.gone}</p>;
          return <Incident of={incident} onChanged={live.refresh} />;
        }}
      </LivePart>
    </>
  );
}

function Incident({ of, onChanged }: { of: OpsIncident; onChanged: () => void }): JSX.Element {
  const isOpen = of.closedAt === null;
  const next = of.steps.find(({ doneAt }) => doneAt === null)?.step;
  return (
    <Card
      title={of.title}
      aside={
        <StateMark
          state={isOpen ? 'yellow' : 'green'}
          word={of.closedAt === null ? words.openState : words.closed(clockTime(of.closedAt))}
        />
      }
    >
      {of.dueAt !== null && isOpen && <Due at={of.dueAt} />}
      <p>
        <a href={`/api/ops/incidents/${of.id}`} download={`incident-${of.id}.json`}>
          {words.bundle}
        </a>
      </p>
      <h3>{words.stepsTitle}</h3>
      <ol className="ops-steps">
        {of.steps.map((step) => (
          <IncidentStepView
            key={step.step}
            incident={of}
            step={step}
            isNext={isOpen && step.step === next}
            onChanged={onChanged}
          />
        ))}
      </ol>
      {isOpen && <CloseButton of={of} onChanged={onChanged} />}
    </Card>
  );
}

function Due({ at }: { at: number }): JSX.Element {
  const seconds = (at - Date.now()) / 1_000;
  return (
    <p className="banner ops-banner" data-tone="problem">
      {seconds > 0 ? words.dueIn(spanText(seconds)) : words.overdue(spanText(-seconds))}
    </p>
  );
}

function CloseButton({ of, onChanged }: { of: OpsIncident; onChanged: () => void }): JSX.Element {
  const [isAsked, setAsked] = useState(false);
  const isEarly = of.steps.some(({ doneAt }) => doneAt === null);
  const close = async (): Promise<void> => {
    const answer = await askOps(`/incidents/${of.id}/close`, { method: 'POST', body: {} });
    if (!answer.ok) showToast(answer.message, { tone: 'problem' });
    onChanged();
  };
  return (
    <div className="ops-tools">
      <Button variant="default" onClick={() => setAsked(true)}>
        {words.close}
      </Button>
      {isEarly && <span className="note">{words.closeEarly}</span>}
      {isAsked && (
        <AskDialog
          question={words.askClose}
          yes={words.yesClose}
          onYes={() => void close()}
          onClose={() => setAsked(false)}
        />
      )}
    </div>
  );
}
