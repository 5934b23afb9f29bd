import { Button, NativeSelect } from '@mantine/core';
import { useState, type JSX } from 'react';
import { clockTime } from '../common/clock-time.ts';
import { DataTable, type Column } from './data-table.tsx';
import { figureText } from './figures.ts';
import { IdField } from './id-field.tsx';
import { isId } from './log-text.ts';
import { MODERATION as words } from './moderation-strings.ts';
import { plain } from './ops-strings.ts';
import { PageHead } from './page-head.tsx';
import { LivePart, Nowrap } from './parts.tsx';
import type { Shape } from './shape.ts';
import { TURNS } from './turns-strings.ts';
import { useLive } from './use-live.ts';

/** A decision of the screens as `GET /api/ops/moderation/decisions` tells it; more fields come than are shown. */
interface Decision {
  id: number;
  at: number;
  sessionId: string;
  channel: string;
  stage: string;
  outcome: string;
  harm: string | null;
  rules: unknown[];
  ms: number;
}

const SHAPE: Shape = {
  'decisions': [
    {
      'id': 'number',
      'at': 'number',
      'sessionId': 'text',
      'channel': 'text',
      'stage': 'text',
      'outcome': 'text',
      'harm?': 'text',
      'rules': ['any'],
      'ms': 'number',
    },
  ],
  'next?': 'number',
};

interface Query {
  session: string;
  outcome: string;
  before: number | null;
}

function pathOf({ session, outcome, before }: Query): string {
  const asked = new URLSearchParams();
  if (session !== '') asked.set('session', session);
  if (outcome !== '') asked.set('outcome', outcome);
  if (before !== null) asked.set('before', String(before));
  return `/moderation/decisions?${asked.toString()}`;
}

/** What the screens decided, newest first, page by page. */
export function ModerationPage(): JSX.Element {
  const [query, setQuery] = useState<Query>({ session: '', outcome: '', before: null });
  const live = useLive<{ decisions: Decision[]; next: number | null }>(pathOf(query), SHAPE);
  const turnTo = (before: number | null): void => setQuery((now) => ({ ...now, before }));
  return (
    <>
      <PageHead tab="moderation" live={live} />
      <Filter onAsk={(of) => setQuery({ ...of, before: null })} />
      <LivePart live={live}>
        {({ decisions, next }) => (
          <>
            <DataTable
              label={words.list}
              columns={COLUMNS}
              rows={decisions}
              keyOf={({ id }) => String(id)}
              empty={words.empty}
            />
            <div className="ops-tools">
              {query.before !== null && (
                <Button variant="default" onClick={() => turnTo(null)}>
                  {words.newest}
                </Button>
              )}
              {next !== null && (
                <Button variant="default" onClick={() => turnTo(next)}>
                  {words.older}
                </Button>
              )}
            </div>
          </>
        )}
      </LivePart>
      <p>
        <a href="/api/ops/moderation/labels" download="labels.ndjson">
          {words.labels}
        </a>
      </p>
    </>
  );
}

function Filter({ onAsk }: { onAsk: (of: { session: string; outcome: string }) => void }): JSX.Element {
  const [session, setSession] = useState('');
  const [outcome, setOutcome] = useState('');
  const isBad = session.trim() !== '' && !isId(session.trim());
  return (
    <form
      className="ops-tools"
      onSubmit={(event) => {
        event.preventDefault();
        if (!isBad) onAsk({ session: session.trim(), outcome });
      }}
    >
      <IdField
        label={words.bySession}
        name="decision-session"
        value={session}
        problem={isBad ? TURNS.badId : null}
        onChange={setSession}
      />
      <NativeSelect
        label={words.byOutcome}
        name="decision-outcome"
        data={[
          { value: '', label: words.any },
          ...Object.entries(words.outcomes).map(([value, label]) => ({ value, label })),
        ]}
        value={outcome}
        onChange={(event) => setOutcome(event.currentTarget.value)}
      />
      <Button type="submit" variant="default">
        {words.show}
      </Button>
    </form>
  );
}

const COLUMNS: readonly Column<Decision>[] = [
  { title: words.at, cell: ({ at }) => <Nowrap>{clockTime(at)}</Nowrap> },
  { title: words.outcome, cell: ({ outcome }) => words.outcomes[outcome] ?? plain(outcome) },
  { title: words.harm, cell: ({ harm }) => (harm === null ? words.noHarm : plain(harm)) },
  {
    title: words.rules,
    cell: ({ rules }) =>
      rules.length === 0 ? (
        <span className="note">{words.noRule}</span>
      ) : (
        <span className="ops-why">
          {rules.slice(0, 4).map((rule) => (
            <code key={String(rule)}>{String(rule)}</code>
          ))}
        </span>
      ),
  },
  { title: words.channel, cell: ({ channel, stage }) => `${plain(channel)}, ${stage}` },
  { title: words.session, cell: ({ sessionId }) => <code>{sessionId}</code> },
  { title: words.took, cell: ({ ms }) => figureText(ms / 1_000, 'seconds'), isNumber: true },
];
