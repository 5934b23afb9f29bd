import type { JSX } from 'react';
import { HEALTH } from '../../sessions/monitor-view.ts';
import type { LevelStatus, OpsIncident, OpsOverview } from '../../sessions/ops-view.ts';
import { clockTime } from '../common/clock-time.ts';
import { auditState } from './audit-answers.ts';
import { agoText, figureText, NOTHING, sharesOf, spanText } from './figures.ts';
import { INCIDENTS_SHAPE } from './incident-shape.ts';
import { flagName, OPS, plain } from './ops-strings.ts';
import { OVERVIEW } from './overview-strings.ts';
import { PageHead } from './page-head.tsx';
import { PageLink } from './page-link.tsx';
import { Card, Figures, LevelMark, LivePart, StateMark } from './parts.tsx';
import type { Shape } from './shape.ts';
import { useLive } from './use-live.ts';

const LEVEL: Shape = { state: 'text', reasons: ['text'] };
const SHAPE: Shape = {
  status: { version: 'text', device: 'text', levels: { basic: LEVEL, cognitive: LEVEL, integration: LEVEL } },
  narrator: { status: 'text', model: 'text' },
  sessions: { loaded: 'number', byHealth: { green: 'number', yellow: 'number', red: 'number' } },
  queue: { policy: 'text', waiting: 'number', running: 'number' },
  moderation: { waiting: 'number', decisions: [{ action: 'text', category: 'text', count: 'number' }] },
  audit: { size: 'number', ok: 'flag' },
  flags: [{ 'flag': 'text', 'reason': 'text', 'sessionId?': 'text' }],
};

/** How the server is doing: the first thing that an operator sees. */
export function OverviewPage(): JSX.Element {
  const live = useLive<OpsOverview>('/overview', SHAPE);
  return (
    <>
      <PageHead tab="overview" live={live} />
      <LivePart live={live}>{(overview) => <Overview of={overview} />}</LivePart>
    </>
  );
}

function Overview({ of }: { of: OpsOverview }): JSX.Element {
  const { levels } = of.status;
  return (
    <>
      <div className="ops-levels">
        <Level name="basic" level={levels.basic} />
        <Level name="cognitive" level={levels.cognitive} />
        <Level name="integration" level={levels.integration} />
      </div>
      <div className="ops-cards">
        <OpenIncidents />
        <ActiveFlags flags={of.flags} />
        <SessionsCard sessions={of.sessions} />
        <NarratorCard of={of} />
        <QueueCard queue={of.queue} />
        <ModerationCard moderation={of.moderation} />
        <AuditCard audit={of.audit} />
      </div>
      <p className="note">{OVERVIEW.version(of.status.version)}</p>
    </>
  );
}

function Level({ name, level }: { name: keyof typeof OVERVIEW.levels; level: LevelStatus }): JSX.Element {
  return (
    <section className="ops-level" data-state={level.state} aria-label={OVERVIEW.levels[name]}>
      <div className="ops-card-head">
        <h2>{OVERVIEW.levels[name]}</h2>
        <LevelMark level={level.state} />
      </div>
      <p className="note">{OVERVIEW.levelHelps[name]}</p>
      {level.reasons.length === 0 ? (
        <p>{OVERVIEW.allGood}</p>
      ) : (
        <ul className="ops-reasons">
          {level.reasons.map((reason) => (
            <li key={reason}>{reason}</li>
          ))}
        </ul>
      )}
    </section>
  );
}

function OpenIncidents(): JSX.Element {
  const live = useLive<{ incidents: OpsIncident[] }>('/incidents', INCIDENTS_SHAPE);
  return (
    <Card title={OVERVIEW.incidents} aside={<PageLink tab="incidents">{OPS.tabs.incidents}</PageLink>}>
      <LivePart live={live}>
        {({ incidents }) => {
          const open = incidents.filter(({ closedAt }) => closedAt === null);
          if (open.length === 0) return <p className="note">{OVERVIEW.noIncidents}</p>;
          return (
            <ul className="ops-list">
              {open.map((incident) => (
                <li key={incident.id}>
                  <PageLink tab="incidents" id={incident.id}>
                    {incident.title}
                  </PageLink>{' '}
                  <span className="note">{clockTime(incident.openedAt)}</span>
                </li>
              ))}
            </ul>
          );
        }}
      </LivePart>
    </Card>
  );
}

function ActiveFlags({ flags }: { flags: OpsOverview['flags'] }): JSX.Element {
  return (
    <Card title={OVERVIEW.flags} aside={<PageLink tab="flags">{OPS.tabs.flags}</PageLink>}>
      {flags.length === 0 ? (
        <p className="note">{OVERVIEW.noFlags}</p>
      ) : (
        <ul className="ops-list">
          {flags.slice(0, 8).map(({ flag, sessionId, reason }) => (
            <li key={`${flag}/${sessionId}`}>
              {OVERVIEW.flagOf(flagName(flag), sessionId ?? OPS.allSessions)}
              {reason !== '' && <span className="note"> {reason}</span>}
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

function SessionsCard({ sessions }: { sessions: OpsOverview['sessions'] }): JSX.Element {
  const counts = HEALTH.map((level) => sessions.byHealth[level]);
  const shares = sharesOf(counts);
  const words = HEALTH.map((level, i) => OVERVIEW.healthOf(OPS.levels[level], counts[i] ?? 0));
  return (
    <Card title={OVERVIEW.sessions} aside={<PageLink tab="sessions">{OPS.tabs.sessions}</PageLink>}>
      <p>{OVERVIEW.sessionFigures(sessions.loaded, sessions.active, sessions.players)}</p>
      <div className="ops-stack-bar" role="img" aria-label={`${OVERVIEW.healthBar}. ${words.join(', ')}.`}>
        {HEALTH.map((level, i) =>
          counts[i] === 0 ? null : (
            <span key={level} data-state={level} style={{ width: `${shares[i] ?? 0}%` }} />
          ),
        )}
      </div>
      <ul className="ops-inline" aria-hidden="true">
        {HEALTH.map((level, i) => (
          <li key={level}>
            <StateMark state={level} word={words[i] ?? ''} />
          </li>
        ))}
      </ul>
    </Card>
  );
}

function NarratorCard({ of }: { of: OpsOverview }): JSX.Element {
  const { status, model, reason } = of.narrator;
  const state = { ready: 'green', loading: 'yellow', off: 'red' } as const;
  const perMinute = of.status.requestsPerMinute;
  return (
    <Card
      title={OVERVIEW.narrator}
      aside={<StateMark state={state[status]} word={OVERVIEW.narratorStates[status]} />}
    >
      {reason !== null && <p>{reason}</p>}
      <Figures
        rows={[
          [OVERVIEW.model, <span className="ops-break">{model === '' ? NOTHING : model}</span>],
          [OVERVIEW.device, of.status.device],
          [OVERVIEW.perMinute, figureText(perMinute, 'count')],
        ]}
      />
    </Card>
  );
}

function QueueCard({ queue }: { queue: OpsOverview['queue'] }): JSX.Element {
  const bound = queue.bound === null ? null : figureText(queue.bound, 'count');
  return (
    <Card title={OVERVIEW.queue} aside={<PageLink tab="turns">{OVERVIEW.turns}</PageLink>}>
      <Figures
        rows={[
          [OVERVIEW.waiting, figureText(queue.waiting, 'count')],
          [OVERVIEW.running, figureText(queue.running, 'count')],
          [OVERVIEW.oldest, spanText(queue.oldestWaitSeconds)],
          [OVERVIEW.jain, figureText(queue.jain, 'score')],
          [OVERVIEW.spread, OVERVIEW.spreadOf(figureText(queue.spread, 'count'), bound)],
          [OVERVIEW.policy, queue.policy],
        ]}
      />
    </Card>
  );
}

const decisionText = ({ action, category }: { action: string; category: string }): string =>
  category === 'none' ? plain(action) : `${plain(action)} · ${plain(category)}`;

function ModerationCard({ moderation }: { moderation: OpsOverview['moderation'] }): JSX.Element {
  const { waiting, oldestSeconds, decisions } = moderation;
  return (
    <Card title={OVERVIEW.moderation} aside={<PageLink tab="moderation">{OPS.tabs.moderation}</PageLink>}>
      <Figures
        rows={[
          [OVERVIEW.review, figureText(waiting, 'count')],
          [OVERVIEW.oldestReview, oldestSeconds === null ? NOTHING : spanText(oldestSeconds)],
          ...decisions.slice(0, 5).map((each) => [decisionText(each), each.count] as const),
        ]}
      />
      {decisions.length === 0 && <p className="note">{OVERVIEW.noDecisions}</p>}
    </Card>
  );
}

function AuditCard({ audit }: { audit: OpsOverview['audit'] }): JSX.Element {
  const ago = (at: number | null): string => (at === null ? OVERVIEW.never : agoText(Date.now() - at));
  return (
    <Card title={OVERVIEW.audit} aside={<StateMark {...auditState(audit)} />}>
      <Figures
        rows={[
          [OVERVIEW.records, figureText(audit.size, 'count')],
          [OVERVIEW.checkpointAt, ago(audit.checkpointAt)],
          [OVERVIEW.verifiedAt, ago(audit.verifiedAt)],
        ]}
      />
      <PageLink tab="audit">{OVERVIEW.seeAll}</PageLink>
    </Card>
  );
}
