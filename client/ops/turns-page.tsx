import { Button, NativeSelect } from '@mantine/core';
import { useState, type JSX } from 'react';
import type { OpsTurn } from '../../sessions/ops-view.ts';
import { clockTime } from '../common/clock-time.ts';
import { goTo } from '../common/location.ts';
import { DataTable, type Column } from './data-table.tsx';
import { figureText, spanText } from './figures.ts';
import { IdField } from './id-field.tsx';
import { LogLevel } from './log-level.tsx';
import { LogLines, type LogQuery } from './log-lines.tsx';
import { isId } from './log-text.ts';
import { opsPath } from './ops-place.ts';
import { PageHead } from './page-head.tsx';
import { PageLink } from './page-link.tsx';
import { Card, LivePart, Nowrap, StateMark } from './parts.tsx';
import type { Shape } from './shape.ts';
import { TimingBar } from './timing-bar.tsx';
import { TurnView } from './turn-view.tsx';
import { TURNS as words } from './turns-strings.ts';
import { useLive } from './use-live.ts';

const SHAPE: Shape = {
  turns: [
    {
      turn: 'text',
      session: 'text',
      at: 'number',
      outcome: 'text',
      ms: { queue: 'number', prefill: 'number', decode: 'number', post: 'number', total: 'number' },
      tokens: { in: 'number', reused: 'number', out: 'number' },
      advice: ['text'],
    },
  ],
};
const NO_QUERY: LogQuery = { turn: '', session: '', level: '' };
const OUTCOME_STATES = {
  committed: 'green',
  empty: 'yellow',
  failed: 'red',
  cancelled: 'insufficient',
} as const;

/** The newest narrator turns and log lines, or all about one turn. */
export function TurnsPage({ turnId }: { turnId: string | null }): JSX.Element {
  const live = useLive<{ turns: OpsTurn[] }>('/turns', SHAPE);
  return (
    <>
      <PageHead tab="turns" live={live} />
      <FindTurn key={turnId} turnId={turnId} />
      {turnId === null ? (
        <>
          <Card title={words.newest} isWide>
            <LivePart live={live}>{({ turns }) => <Turns turns={turns} />}</LivePart>
          </Card>
          <Logs />
          <LogLevel />
        </>
      ) : (
        <LivePart live={live}>
          {({ turns }) => <TurnView id={turnId} of={turns.find(({ turn }) => turn === turnId) ?? null} />}
        </LivePart>
      )}
    </>
  );
}

function FindTurn({ turnId }: { turnId: string | null }): JSX.Element {
  const [text, setText] = useState(turnId ?? '');
  const [isBad, setBad] = useState(false);
  return (
    <form
      className="ops-tools"
      onSubmit={(event) => {
        event.preventDefault();
        const id = text.trim();
        setBad(!isId(id));
        if (isId(id)) goTo(opsPath('turns', id));
      }}
    >
      <IdField
        className="ops-find"
        label={words.find}
        description={words.findHint}
        name="turn"
        value={text}
        problem={isBad ? words.badId : null}
        onChange={setText}
      />
      <Button type="submit">{words.look}</Button>
    </form>
  );
}

const COLUMNS: readonly Column<OpsTurn>[] = [
  {
    title: words.turn,
    cell: ({ turn }) => (
      <PageLink tab="turns" id={turn}>
        <code>{turn}</code>
      </PageLink>
    ),
  },
  { title: words.at, cell: ({ at }) => <Nowrap>{clockTime(at)}</Nowrap> },
  {
    title: words.outcome,
    cell: ({ outcome }) => <StateMark state={OUTCOME_STATES[outcome]} word={words.outcomes[outcome]} />,
  },
  { title: words.total, cell: ({ ms }) => spanText(ms.total / 1_000), isNumber: true },
  { title: words.time, cell: ({ ms }) => <TimingBar ms={ms} /> },
  { title: words.tokens, cell: ({ tokens }) => figureText(tokens.out, 'count'), isNumber: true },
  {
    title: words.advice,
    cell: ({ advice }) => (
      <span className="ops-why">
        {advice.slice(0, 2).map((each) => (
          <span key={each}>{each}</span>
        ))}
      </span>
    ),
  },
];

function Turns({ turns }: { turns: OpsTurn[] }): JSX.Element {
  return (
    <DataTable
      label={words.newest}
      columns={COLUMNS}
      rows={turns}
      keyOf={({ turn }, i) => `${turn}-${i}`}
      empty={words.empty}
      step={25}
    />
  );
}

function Logs(): JSX.Element {
  const [typed, setTyped] = useState(NO_QUERY);
  const [asked, setAsked] = useState(NO_QUERY);
  const change = (part: Partial<LogQuery>): void => setTyped((now) => ({ ...now, ...part }));
  const isBad = typed.session.trim() !== '' && !isId(typed.session.trim());
  return (
    <Card title={words.logs} isWide>
      <form
        className="ops-tools"
        onSubmit={(event) => {
          event.preventDefault();
          if (!isBad) setAsked({ ...typed, session: typed.session.trim() });
        }}
      >
        <IdField
          label={words.bySession}
          name="log-session"
          value={typed.session}
          problem={isBad ? words.badId : null}
          onChange={(session) => change({ session })}
        />
        <NativeSelect
          label={words.level}
          name="log-from"
          data={[
            { value: '', label: words.anyLevel },
            ...['info', 'warn', 'error'].map((level) => ({ value: level, label: level })),
          ]}
          value={typed.level}
          onChange={(event) => change({ level: event.currentTarget.value })}
        />
        <Button type="submit" variant="default">
          {words.show}
        </Button>
      </form>
      <LogLines query={asked} label={words.newestLines} />
    </Card>
  );
}
