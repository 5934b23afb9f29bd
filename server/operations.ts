import type { Router } from 'express';
import type { Logger } from 'pino';
import { piiFindings } from '../moderation/rules/pii.ts';
import { maskText } from '../moderation/text/mask.ts';
import type { ModelNarrator } from '../narrator/narrator.ts';
import type { NarratorQueue } from '../narrator/narrator-queue.ts';
import type { Sessions } from '../sessions/sessions.ts';
import { systemClock, systemRandom } from './clock.ts';
import type { Config } from './config.ts';
import { feedbackStats } from './feedback-stats.ts';
import { auditRouter } from './http/audit-router.ts';
import { feedbackStatsRouter } from './http/feedback-router.ts';
import { OperatorDoor } from './http/operator-guard.ts';
import { operatorLogin } from './http/operator-login.ts';
import { OperatorOidc } from './http/operator-oidc.ts';
import { OperatorSessions } from './http/operator-session.ts';
import { opsBoardsRouter } from './http/ops-boards-router.ts';
import { opsRouter } from './http/ops-router.ts';
import { IncidentSamples } from './incident-samples.ts';
import { Incidents } from './incidents.ts';
import type { LogRing } from './log-ring.ts';
import { refreshDrift, refreshSessionHealth } from './metric-sessions.ts';
import type { Metrics } from './metrics.ts';
import { refreshReviewGauges, type Moderation } from './moderation.ts';
import { BoardsDesk } from './observability/boards-desk.ts';
import { refreshGauges } from './observers.ts';
import { queuePanel } from './queue.ts';
import { listSessions, overviewOf } from './ops-lists.ts';
import { createStatus, type QualityStanding, type StatusBoard } from './status-levels.ts';
import { diskOf, LoopDelay } from './status-host.ts';
import { RequestTally } from './status-tally.ts';
import type { Database } from './store/database.ts';
import { SqlIncidentStore } from './store/sql-incident-store.ts';
import { SqlSloStore } from './store/sql-slo-store.ts';
import type { Watch } from './watch.ts';

const DAY_MS = 86_400_000;
const FEEDBACK_DAYS = 30;

export interface OperationParts {
  database: Database;
  metrics: Metrics;
  /** The label of the configured model. */
  model: string;
  narrator: ModelNarrator;
  queue: NarratorQueue;
  moderation: Moderation;
  sessions: Sessions;
  watch: Watch;
  secret: string;
  version: string;
  isHttps: boolean;
  /** False from the moment shutdown begins. */
  isServing: () => boolean;
  log: Logger;
  ring: LogRing;
}

/** Brings the gauges up to date that are set when they are read. */
function refreshAll({ metrics, model, sessions, narrator, queue, watch }: OperationParts): void {
  refreshGauges(metrics, { sessions, queue, narrator, model });
  refreshReviewGauges(metrics, sessions);
  refreshSessionHealth(metrics, sessions.healths());
  refreshDrift(metrics, model, watch.quality.versions(null, []));
}

function createDesk(parts: OperationParts): BoardsDesk {
  return new BoardsDesk({
    registry: parts.metrics.registry,
    store: new SqlSloStore(parts.database),
    clock: systemClock,
    refresh: () => refreshAll(parts),
    onTrouble: (what, error) => parts.log.error({ err: error }, what),
  });
}

/** The versions with what readers said of them in the last 30 days. */
async function listVersions({ watch, narrator }: OperationParts) {
  const stats = feedbackStats(await watch.feedback.sums(systemClock.now() - FEEDBACK_DAYS * DAY_MS));
  return watch.quality.versions(narrator.version, stats.versions);
}

/** How the version in use does by the metrics that have a threshold. */
function standing({ watch, narrator }: OperationParts): QualityStanding[] {
  const current = watch.quality.versions(narrator.version, []).find(({ isCurrent }) => isCurrent);
  return (['narrative_coherence', 'character_consistency', 'user_engagement'] as const).map((metric) => ({
    metric,
    mean: current?.quality[metric] ?? null,
    threshold: watch.assessor.thresholds[metric],
    drift: current?.drift[metric]?.state ?? null,
  }));
}

function createBoard(config: Config, parts: OperationParts, of: { tally: RequestTally; loop: LoopDelay }) {
  const { sessions, narrator, watch } = parts;
  return createStatus({
    version: parts.version,
    clock: systemClock,
    device: () => narrator.info()?.device ?? 'cpu',
    requestsPerMinute: () => of.tally.perMinute(),
    isLoaded: () => true,
    isServing: parts.isServing,
    storeWorks: () => sessions.storeWorks,
    disk: () => diskOf(config.storage.dataDir),
    audit: () => {
      const { ok } = watch.audit.status();
      const reason = ok ? null : 'The audit log cannot be written, or is not as it was written.';
      return { works: ok, reason };
    },
    narrator: () => narrator.status(),
    wantsNarrator: config.narrator.isOn,
    commands: () => of.tally.recent(),
    loopDelay: () => of.loop.seconds(),
    quality: () => standing(parts),
  });
}

function createIncidents(
  config: Config,
  parts: OperationParts,
  { board, desk }: { board: StatusBoard; desk: BoardsDesk },
): Incidents {
  const { database, narrator, moderation, queue, sessions, watch, ring, log } = parts;
  const samples = new IncidentSamples({
    mayUse: (sessionId) => sessions.loadedSession(sessionId)?.kernel.state.safety.agreement.mayLearn ?? null,
    redact: masked,
  });
  const incidents = new Incidents({
    store: new SqlIncidentStore(database),
    clock: systemClock,
    random: systemRandom,
    log,
    sources: {
      versions: () => ({ server: parts.version, narrator: narrator.version, ...moderation.moderator.info() }),
      status: () => board.status(),
      slo: () => [...desk.objectives(), ...desk.agreements()],
      flags: () => moderation.flags.list(),
      lines: () =>
        ring.find({ session: null, turn: null, request: null, event: null, level: null, limit: 2_000 }),
      turns: () => watch.turns.list({ session: null, limit: 500 }),
      queue: () => queuePanel(config, queue),
      audit: () => watch.audit.checkpoint(),
      samples: () => samples.newest(),
    },
  });
  watch.sinks.push(samples, incidents);
  return incidents;
}

function masked(text: string): string {
  const findings = piiFindings({ literal: text });
  const spans = findings.flatMap(({ spans: places, label }) =>
    places.map((place) => ({ ...place, source: 'pii' as const, label })),
  );
  return maskText(text, spans);
}

/** The way in for operators: by the token, or a login at a login server. */
function createDoor(config: Config, { secret, isHttps, log }: OperationParts) {
  const { operatorToken: token, oidc: settings } = config.operation;
  const { publicUrl } = config.http;
  const sessions = new OperatorSessions({
    secret,
    settings: { token, oidc: settings },
    clock: systemClock,
    isSecure: isHttps,
  });
  const door = new OperatorDoor({ token, sessions, hasOidc: settings !== null, publicUrl });
  const oidc =
    settings === null
      ? null
      : new OperatorOidc({
          settings,
          clock: systemClock,
          onTrouble: (error) => log.warn({ err: error }, 'operator-login-failed'),
        });
  return { door, login: operatorLogin({ door, sessions, oidc, publicUrl, isHttps }) };
}

/** What operators see and do: meters, objectives, status, incidents, and the routes of `/api/ops`. */
export async function createOperations(config: Config, parts: OperationParts) {
  const { watch, sessions, ring, log } = parts;
  const tally = new RequestTally(systemClock);
  const loop = new LoopDelay();
  const desk = createDesk(parts);
  const board = createBoard(config, parts, { tally, loop });
  const incidents = createIncidents(config, parts, { board, desk });
  const { door, login } = createDoor(config, parts);
  await desk.start();
  const routers: Router[] = [
    login,
    opsRouter({
      only: door.only,
      overview: () => overviewOf(config, parts, board),
      sessions: (most) => listSessions(sessions, most),
      versions: () => listVersions(parts),
      turns: (of) => watch.turns.list(of),
      lines: (of) => ring.find(of),
      logLevel: { get: () => log.level, set: (level) => (log.level = level) },
      incidents,
    }),
    opsBoardsRouter({
      guard: door.only,
      board: (id, minutes) => desk.board(id, minutes),
      objectives: () => desk.objectives(),
      agreements: () => desk.agreements(),
    }),
    feedbackStatsRouter({ store: watch.feedback, clock: systemClock, guard: door.only }),
  ];
  return {
    board,
    door,
    routers,
    audit: auditRouter({ audit: watch.audit, guard: door.only }),
    refresh: () => refreshAll(parts),
    /** A command was answered. */
    noteCommand: (isError: boolean) => tally.note(isError),
    /** To be called while the database is open, after the last sessions have gone. */
    close: async () => {
      loop.close();
      await incidents.close();
      await desk.close();
    },
  };
}

export type Operations = Awaited<ReturnType<typeof createOperations>>;
