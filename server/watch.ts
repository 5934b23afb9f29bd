import { join } from 'node:path';
import type { Logger } from 'pino';
import { createAssessor } from '../narrator/quality/assessor.ts';
import { loadBaseline } from '../narrator/quality/baseline.ts';
import type { ModelNarrator } from '../narrator/narrator.ts';
import { factsBetween } from '../sessions/fact-source.ts';
import type { FactSink, SessionFact } from '../sessions/facts.ts';
import type { HistoryStore } from '../sessions/history-ports.ts';
import type { SessionObserver } from '../sessions/peers.ts';
import { FLAGS, type FlagBoard } from '../sessions/ports.ts';
import type { Sessions } from '../sessions/sessions.ts';
import { AuditLog } from './audit/audit-log.ts';
import { systemClock, systemRandom } from './clock.ts';
import type { Config } from './config.ts';
import { FactLog } from './log-facts.ts';
import { aroundCommands } from './log-requests.ts';
import { pseudonyms } from './log-ids.ts';
import type { Metrics } from './metrics.ts';
import { PACKAGE_ROOT } from './package-root.ts';
import { QualityBoard } from './quality-board.ts';
import type { Database } from './store/database.ts';
import { SqlAuditStore } from './store/sql-audit-store.ts';
import { SqlFeedbackStore } from './store/sql-feedback-store.ts';
import { openTracing } from './tracing.ts';
import { TurnTraces } from './tracing-context.ts';
import { TurnJournal } from './turn-journal.ts';

const BASELINE = join(PACKAGE_ROOT, 'narrator/baselines/quality-en-1.json');
/** How often the whole audit log is verified, and when first; how often what it lacks is looked for, ms. */
const VERIFY_EVERY_MS = 3_600_000;
const VERIFY_FIRST_MS = 30_000;
const CATCH_UP_EVERY_MS = 2_000;
/** When a session whose journal could not be read is tried again, ms. */
const CATCH_UP_AGAIN_MS = 60_000;

export interface WatchParts {
  database: Database;
  metrics: Metrics;
  narrator: ModelNarrator;
  flags: FlagBoard;
  secret: string;
  version: string;
  log: Logger;
}

/** What watches the sessions: their passages are measured, and what happens is counted, logged, traced and audited. */
export async function createWatch(config: Config, parts: WatchParts) {
  const { database, metrics, narrator, flags, secret, log } = parts;
  const traces = new TurnTraces();
  const pseudonym = pseudonyms(secret);
  const audit = await AuditLog.open({
    store: new SqlAuditStore(database),
    dataDir: config.storage.dataDir,
    clock: systemClock,
    random: systemRandom,
    log,
    metrics,
  });
  const tracer = await openTracing(config.operation.otlpEndpoint, {
    clock: systemClock,
    traces,
    pseudonym,
    flags: (sessionId) => Object.fromEntries(FLAGS.map((flag) => [flag, flags.isOn(flag, sessionId)])),
    provider: config.narrator.openai === null ? 'llama.cpp' : 'openai',
    version: parts.version,
  });
  const quality = new QualityBoard({
    onDrift: (change) => log.warn(change, 'quality-drift-changed'),
  });
  const turns = new TurnJournal();
  const sinks = [new FactLog({ log, pseudonym, traces }), turns, ...(tracer === null ? [] : [tracer]), audit];
  return {
    audit,
    quality,
    /** Null: no traces are sent. */
    tracer,
    turns,
    /** More sinks may be added before the first session is opened. */
    sinks: sinks as FactSink[],
    feedback: new SqlFeedbackStore(database),
    assessor: createAssessor({ baseline: await loadBaseline(BASELINE), engine: narrator }),
    around: aroundCommands({ log, pseudonym, traces }),
    close: async () => {
      await tracer?.close();
      await audit.close();
    },
  };
}

export type Watch = Awaited<ReturnType<typeof createWatch>>;

/** Tells all sinks of each fact; one that fails keeps it from no other. */
export function factsTo({ sinks, quality }: Watch, onTrouble: (error: unknown) => void): FactSink {
  const board: FactSink = { take: (fact) => tellBoard(quality, fact) };
  return {
    take(fact: SessionFact): void {
      for (const sink of [board, ...sinks]) {
        try {
          sink.take(fact);
        } catch (error) {
          onTrouble(error);
        }
      }
    },
  };
}

/** What readers reject is no example of health. */
function tellBoard(quality: QualityBoard, fact: SessionFact): void {
  if (fact.kind === 'rollback') quality.exclude(fact.struckIds);
  if (fact.kind === 'purge') quality.exclude(fact.passageIds);
  if (fact.kind !== 'feedback' || fact.playerId === null) return;
  const { passageId, playerId, type, rating } = fact;
  quality.takeFeedback({ passageId, playerId, type, rating });
  if (type === 'negative' || type === 'broke_story') quality.exclude([passageId]);
}

/** The same observer, with every measured passage on the board of versions and in its trace, and what alerts in the log. */
export function withBoard(
  observer: Omit<SessionObserver, 'qualityAlerted'>,
  { quality, tracer }: Pick<Watch, 'quality' | 'tracer'>,
  log: Logger,
): SessionObserver {
  return {
    ...observer,
    qualityAlerted: (session, metric) => log.warn({ session, metric }, 'session-quality-low'),
    assessed: (passage, isDeeper) => {
      observer.assessed(passage, isDeeper);
      quality.take(passage, isDeeper);
      tracer?.assessed(passage);
    },
  };
}

/** Keeps the audit log whole while the server runs: what it lacks is read from the journal, and all of it verified. */
export function superviseAudit(
  audit: AuditLog,
  of: { sessions: Sessions; history: Pick<HistoryStore, 'read'>; log: Logger },
): { close: () => void } {
  const cancels = new Map<string, () => void>();
  let isClosed = false;
  const again = (name: string, delayMs: number, run: () => Promise<void>, everyMs = delayMs) => {
    cancels.set(
      name,
      systemClock.after(delayMs, () => {
        void run()
          .catch((error: unknown) => {
            if (!isClosed) of.log.error({ err: error }, `audit-${name}-failed`);
          })
          .then(() => (isClosed ? undefined : again(name, everyMs, run)));
      }),
    );
  };
  const later = new Map<string, number>();
  again('catch-up', 0, () => catchUp(audit, { ...of, later }), CATCH_UP_EVERY_MS);
  again('verification', VERIFY_FIRST_MS, async () => void (await audit.verify()), VERIFY_EVERY_MS);
  return {
    close: () => {
      isClosed = true;
      for (const cancel of cancels.values()) cancel();
    },
  };
}

type CatchUpParts = Parameters<typeof superviseAudit>[1] & {
  /** When sessions that could not be read are tried again, epoch ms. */
  later: Map<string, number>;
};

/** One session that cannot be read keeps no other waiting. */
async function catchUp(audit: AuditLog, of: CatchUpParts): Promise<void> {
  const { later, log } = of;
  // A damaged log takes nothing in: sessions would be loaded for nothing.
  if (audit.isDamaged) return;
  for (const sessionId of await audit.behind()) {
    if ((later.get(sessionId) ?? 0) > systemClock.now()) continue;
    try {
      await catchUpOne(audit, sessionId, of);
      later.delete(sessionId);
    } catch (error) {
      later.set(sessionId, systemClock.now() + CATCH_UP_AGAIN_MS);
      log.error({ err: error, session: sessionId }, 'audit-catch-up-failed');
    }
  }
}

async function catchUpOne(
  audit: AuditLog,
  sessionId: string,
  { sessions, history }: CatchUpParts,
): Promise<void> {
  const { kernel } = await sessions.open(sessionId);
  await kernel.journal.flush();
  const after = await audit.lastSeq(sessionId);
  await audit.catchUp(sessionId, factsBetween(history, kernel, { after, upTo: kernel.journal.seq }));
}
