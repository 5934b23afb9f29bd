import type { Logger } from 'pino';
import { EMBEDDING_SIZE } from '../moderation/model/encoder.ts';
import { createModerator } from '../moderation/moderator.ts';
import { PolicyError } from '../moderation/policy/policy.ts';
import { EndpointJudge } from '../narrator/moderation-endpoint.ts';
import type { ModelNarrator } from '../narrator/narrator.ts';
import { QueueJudge } from '../narrator/queue-judge.ts';
import type { Judge, Moderator } from '../sessions/moderator.ts';
import type { Sessions } from '../sessions/sessions.ts';
import { preciseClock, systemClock } from './clock.ts';
import { ConfigError, type Config } from './config.ts';
import { StoredFlags } from './flags.ts';
import type { Metrics } from './metrics.ts';
import { ENCODER, measured } from './moderation-metrics.ts';
import { countTier } from './observers.ts';
import { ModerationReporter, type ModerationPanel } from './moderation-reporter.ts';
import { modelLabel } from './narrator-model.ts';
import type { Database } from './store/database.ts';
import { SqlFlagStore } from './store/sql-flag-store.ts';
import { SqlModerationLog } from './store/sql-moderation-log.ts';

export interface ModerationParts {
  database: Database;
  narrator: ModelNarrator;
  metrics: Metrics;
  /** Keys the hashes of player ids in the log. */
  secret: string;
  log: Logger;
}

/** All of moderation that sessions and operators use. */
export interface Moderation {
  moderator: Moderator;
  reporter: ModerationReporter;
  records: SqlModerationLog;
  flags: StoredFlags;
  /** Ends the threads of the moderator and writes the rest of the log; the database must be open still. Idempotent. */
  close(): Promise<void>;
}

/** Who is asked for a second opinion; null: nobody. */
function createJudge(config: Config, narrator: ModelNarrator): Judge | null {
  const { judge, endpoint } = config.moderation;
  if (endpoint !== null) {
    const { baseUrl, apiKey } = endpoint;
    return new EndpointJudge({ baseUrl, ...(apiKey === null ? {} : { apiKey }) });
  }
  if (judge === 'narrator') return new QueueJudge({ engine: narrator, model: modelLabel(config.narrator) });
  return null;
}

function openModerator(config: Config, narrator: ModelNarrator, metrics: Metrics) {
  const { policyFile, encoder } = config.moderation;
  return createModerator({
    policyFile,
    encoder,
    judge: createJudge(config, narrator),
    clock: preciseClock,
    onTier: (tier, ms, hasAnswered) => countTier(metrics, { tier, ms, hasAnswered }),
  }).catch((error: unknown) => {
    if (error instanceof PolicyError) throw new ConfigError([`  MODERATION_POLICY\n    ${error.message}`]);
    throw error;
  });
}

/** Makes it as the settings say. Throws ConfigError when the policy cannot be used, and AppError STORAGE_UNAVAILABLE. */
export async function createModeration(config: Config, parts: ModerationParts): Promise<Moderation> {
  const { database, narrator, metrics, secret, log } = parts;
  const flags = await StoredFlags.load({ store: new SqlFlagStore(database), clock: systemClock, log });
  const moderator = await openModerator(config, narrator, metrics);
  const records = new SqlModerationLog({
    database,
    clock: systemClock,
    log,
    secret,
    keepDays: config.moderation.logDays,
    onLost: (rows) => metrics.moderationLogLost.inc(rows),
  });
  if (moderator.info().hasEncoder) metrics.embeddingDimensions.set({ model: ENCODER }, EMBEDDING_SIZE);
  log.info({ ...moderator.info(), flags: flags.list().length }, 'moderation-ready');
  return {
    moderator: measured(moderator, metrics),
    reporter: new ModerationReporter(metrics, records),
    records,
    flags,
    close: async () => {
      await moderator.close();
      await records.close();
    },
  };
}

/** Seconds that the oldest text of the review queue has waited; 0 when none waits. */
function oldestSeconds(oldestAt: number | null): number {
  return oldestAt === null ? 0 : Math.max(0, (systemClock.now() - oldestAt) / 1_000);
}

/** Brings the gauges of the review queue up to date. */
export function refreshReviewGauges(metrics: Metrics, sessions: Sessions): void {
  const { items, oldestAt } = sessions.reviewQueue();
  metrics.reviewItems.set(items);
  metrics.reviewOldest.set(oldestSeconds(oldestAt));
}

/** Moderation as operators see it. */
export function moderationPanel({ moderator, reporter }: Moderation, sessions: Sessions): ModerationPanel {
  const { items, oldestAt } = sessions.reviewQueue();
  return reporter.panel(moderator.info(), { items, oldestSeconds: Math.round(oldestSeconds(oldestAt)) });
}
