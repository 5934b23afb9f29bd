import { SegmentedControl } from '@mantine/core';
import { useState, type JSX } from 'react';
import { HEALTH, type Health } from '../../sessions/monitor-view.ts';
import type { OpsSession } from '../../sessions/ops-view.ts';
import { QUALITY_METRICS } from '../../sessions/quality.ts';
import { DataTable, type Column } from './data-table.tsx';
import { agoText, figureText } from './figures.ts';
import { IdField } from './id-field.tsx';
import { OPS } from './ops-strings.ts';
import { PageHead } from './page-head.tsx';
import { PageLink } from './page-link.tsx';
import { LevelMark, LivePart, Nowrap } from './parts.tsx';
import { countsOf, sortedSessions } from './session-rows.ts';
import { SESSIONS as words } from './sessions-strings.ts';
import type { Shape } from './shape.ts';
import { useLive } from './use-live.ts';

const SHAPE: Shape = {
  sessions: [
    { id: 'text', health: 'text', issues: ['text'], reasons: ['text'], activeAt: 'number', quality: 'any' },
  ],
};

/** The sessions in memory, unhealthy ones first. */
export function SessionsPage(): JSX.Element {
  const live = useLive<{ sessions: OpsSession[] }>('/sessions', SHAPE);
  return (
    <>
      <PageHead tab="sessions" live={live} />
      <LivePart live={live}>{({ sessions }) => <List sessions={sessions} />}</LivePart>
    </>
  );
}

function List({ sessions }: { sessions: OpsSession[] }): JSX.Element {
  const [text, setText] = useState('');
  const [health, setHealth] = useState<Health | null>(null);
  const counts = countsOf(sessions);
  const shown = sortedSessions(sessions, { health, text });
  return (
    <>
      <div className="ops-tools">
        <SegmentedControl
          aria-label={words.health}
          data={[
            { value: 'all', label: words.allOf(sessions.length) },
            ...HEALTH.toReversed().map((level) => ({
              value: level,
              label: words.of(OPS.levels[level], counts[level]),
            })),
          ]}
          value={health ?? 'all'}
          onChange={(value) => setHealth(HEALTH.find((level) => level === value) ?? null)}
        />
        <IdField label={words.filter} name="session-filter" problem={null} value={text} onChange={setText} />
      </div>
      <DataTable
        label={words.list}
        columns={COLUMNS}
        rows={shown}
        keyOf={({ id }) => id}
        empty={sessions.length === 0 ? words.empty : words.noMatch}
      />
    </>
  );
}

const COLUMNS: readonly Column<OpsSession>[] = [
  {
    title: words.id,
    cell: ({ id }) => (
      <span className="ops-why">
        <code>{id}</code>
        <PageLink tab="flags" id={id}>
          {words.flags}
          <span className="visually-hidden"> {id}</span>
        </PageLink>
      </span>
    ),
  },
  { title: words.state, cell: ({ health }) => <LevelMark level={health} /> },
  { title: words.why, cell: (session) => <Why of={session} /> },
  { title: words.present, cell: ({ present }) => figureText(present, 'count'), isNumber: true },
  { title: words.passages, cell: ({ passages }) => figureText(passages, 'count'), isNumber: true },
  { title: words.narrator, cell: (each) => figureText(each.narratorWaiting, 'count'), isNumber: true },
  { title: words.review, cell: (each) => figureText(each.waitingForReview, 'count'), isNumber: true },
  { title: words.quality, cell: ({ quality }) => <Quality of={quality} /> },
  { title: words.active, cell: ({ activeAt }) => <Nowrap>{agoText(Date.now() - activeAt)}</Nowrap> },
];

function Why({ of }: { of: OpsSession }): JSX.Element {
  const issues = of.issues.map((issue) => OPS.issues[issue]);
  if (issues.length + of.reasons.length === 0) return <span className="note">{words.fine}</span>;
  return (
    <span className="ops-why ops-reason">
      {issues.length > 0 && <strong>{issues.join(', ')}</strong>}
      {of.reasons.map((reason) => (
        <span key={reason}>{reason}</span>
      ))}
    </span>
  );
}

function Quality({ of }: { of: OpsSession['quality'] }): JSX.Element {
  const told = QUALITY_METRICS.flatMap((metric) => {
    const value = of[metric] ?? null;
    return value === null ? [] : [`${OPS.quality[metric]} ${figureText(value, 'score')}`];
  });
  if (told.length === 0) return <span className="note">{OPS.nothing}</span>;
  return (
    <span className="ops-why ops-nowrap">
      {told.slice(0, 4).map((each) => (
        <span key={each}>{each}</span>
      ))}
    </span>
  );
}
