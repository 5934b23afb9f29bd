import { Button, TextInput } from '@mantine/core';
import { useState, type JSX } from 'react';
import { INCIDENT_KINDS, type IncidentKind, type OpsIncident } from '../../sessions/ops-view.ts';
import { clockTime } from '../common/clock-time.ts';
import { goTo } from '../common/location.ts';
import { showToast } from '../common/toasts.ts';
import { Choices } from './choices.tsx';
import { DataTable, type Column } from './data-table.tsx';
import { NOTHING } from './figures.ts';
import { INCIDENTS_SHAPE } from './incident-shape.ts';
import { INCIDENTS as words } from './incidents-strings.ts';
import { askOps } from './ops-api.ts';
import { opsPath } from './ops-place.ts';
import { plain } from './ops-strings.ts';
import { PageHead } from './page-head.tsx';
import { PageLink } from './page-link.tsx';
import { Card, LivePart, StateMark } from './parts.tsx';
import { useLive } from './use-live.ts';

const KINDS = INCIDENT_KINDS.map((value) => ({ value, label: words.kinds[value] }));

/** All incidents, and opening one. */
export function IncidentsPage(): JSX.Element {
  const live = useLive<{ incidents: OpsIncident[] }>('/incidents', INCIDENTS_SHAPE);
  return (
    <>
      <PageHead tab="incidents" live={live} />
      <LivePart live={live}>
        {({ incidents }) => (
          <DataTable
            label={words.list}
            columns={COLUMNS}
            rows={incidents.toSorted((one, other) => other.openedAt - one.openedAt)}
            keyOf={({ id }) => id}
            empty={words.none}
          />
        )}
      </LivePart>
      <Card title={words.open}>
        <OpenForm />
      </Card>
    </>
  );
}

const COLUMNS: readonly Column<OpsIncident>[] = [
  {
    title: words.name,
    cell: ({ id, title }) => (
      <PageLink tab="incidents" id={id}>
        {title}
      </PageLink>
    ),
  },
  {
    title: words.state,
    cell: ({ closedAt }) =>
      closedAt === null ? (
        <StateMark state="yellow" word={words.openState} />
      ) : (
        <StateMark state="green" word={words.closedState} />
      ),
  },
  { title: words.kind, cell: ({ kind }) => plain(kind) },
  { title: words.openedAt, cell: ({ openedAt }) => clockTime(openedAt) },
  { title: words.due, cell: ({ dueAt }) => (dueAt === null ? NOTHING : clockTime(dueAt)) },
  {
    title: words.progress,
    cell: ({ steps }) => words.progressOf(steps.filter(({ doneAt }) => doneAt !== null).length, steps.length),
  },
];

function OpenForm(): JSX.Element {
  const [title, setTitle] = useState('');
  const [kind, setKind] = useState<IncidentKind>('availability');
  const [problem, setProblem] = useState('');
  const [isBusy, setBusy] = useState(false);
  const open = async (): Promise<void> => {
    if (title.trim() === '') return setProblem(words.noTitle);
    setBusy(true);
    setProblem('');
    const answer = await askOps<OpsIncident>('/incidents', {
      method: 'POST',
      body: { title: title.trim(), kind },
      shape: { id: 'text' },
    });
    setBusy(false);
    if (!answer.ok) return setProblem(answer.message);
    showToast(words.opened);
    goTo(opsPath('incidents', answer.value.id));
  };
  return (
    <form
      className="stack ops-form"
      onSubmit={(event) => {
        event.preventDefault();
        void open();
      }}
    >
      <p className="note">{words.openHelp}</p>
      <TextInput
        label={words.title}
        description={words.titleHint}
        name="incident-title"
        autoComplete="off"
        maxLength={200}
        value={title}
        error={problem === '' ? undefined : problem}
        errorProps={{ role: 'alert' }}
        onChange={(event) => setTitle(event.currentTarget.value)}
      />
      <Choices label={words.kind} name="incident-kind" of={KINDS} value={kind} onChange={setKind} />
      <div>
        <Button type="submit" loading={isBusy}>
          {words.submit}
        </Button>
      </div>
    </form>
  );
}
