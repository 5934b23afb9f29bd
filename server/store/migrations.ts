import { Migrator, type Kysely, type Migration } from 'kysely';
import { createAudit } from './audit-tables.ts';
import type { SqlFlavour } from './sql-flavour.ts';
import type { Tables } from './tables.ts';

/** Forward only. A migration that was ever released is never edited: a change is a new entry. */
function migrations(flavour: SqlFlavour): Record<string, Migration> {
  return {
    '0001-sessions': { up: (db: Kysely<Tables>) => createSessions(db, flavour) },
    '0002-moderation': { up: (db: Kysely<Tables>) => createModeration(db, flavour) },
    '0003-history': { up: (db: Kysely<Tables>) => createHistory(db, flavour) },
    '0004-feedback': { up: (db: Kysely<Tables>) => createFeedback(db, flavour) },
    '0005-audit': { up: (db: Kysely<Tables>) => createAudit(db, flavour) },
    '0006-operations': { up: (db: Kysely<Tables>) => createOperations(db, flavour) },
    '0007-incidents': { up: (db: Kysely<Tables>) => createIncidents(db, flavour) },
  };
}

async function createSessions(db: Kysely<Tables>, flavour: SqlFlavour): Promise<void> {
  const { blobType, bigintType } = flavour;
  await db.schema
    .createTable('sessions')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('created_at', bigintType, (column) => column.notNull())
    .execute();
  // Not clustered by its key: rows of many sessions fill the same few pages at every commit (measured -30 % CPU).
  await db.schema
    .createTable('journal')
    .addColumn('session_id', 'text', (column) => column.notNull().references('sessions.id'))
    .addColumn('seq', bigintType, (column) => column.notNull())
    .addColumn('at', bigintType, (column) => column.notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('doc', 'text', (column) => column.notNull())
    .addColumn('author', 'text')
    .addColumn('data', blobType, (column) => column.notNull())
    .addPrimaryKeyConstraint('journal_key', ['session_id', 'seq'])
    .execute();
  await db.schema
    .createTable('snapshots')
    .addColumn('session_id', 'text', (column) => column.notNull().references('sessions.id'))
    .addColumn('doc', 'text', (column) => column.notNull())
    .addColumn('seq', bigintType, (column) => column.notNull())
    .addColumn('data', blobType, (column) => column.notNull())
    .addPrimaryKeyConstraint('snapshots_key', ['session_id', 'doc'])
    .execute();
  await db.schema
    .createTable('probes')
    .addColumn('id', 'integer', (column) => column.primaryKey())
    .addColumn('data', blobType, (column) => column.notNull())
    .execute();
}

async function createModeration(db: Kysely<Tables>, flavour: SqlFlavour): Promise<void> {
  await db.schema
    .createTable('flags')
    .addColumn('scope', 'text', (column) => column.notNull())
    .addColumn('flag', 'text', (column) => column.notNull())
    .addColumn('set_at', flavour.bigintType, (column) => column.notNull())
    .addColumn('reason', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('flags_key', ['scope', 'flag'])
    .execute();
  await createDecisions(db, flavour);
  await createReviewsAndLabels(db, flavour);
  // For the one who looks into a session, and for the deletion of what is too old.
  await index(db, 'moderation_decisions', ['session_id', 'id']);
  for (const table of ['moderation_decisions', 'moderation_reviews', 'moderation_labels'] as const)
    await index(db, table, ['at']);
}

async function index(db: Kysely<Tables>, table: keyof Tables, columns: string[]): Promise<void> {
  await db.schema
    .createIndex(`${table}_by_${columns[0] ?? ''}`)
    .on(table)
    .columns(columns)
    .execute();
}

/** A table whose rows have the next number as their id, also after rows are gone. */
function logTable(db: Kysely<Tables>, { bigintType }: SqlFlavour, name: keyof Tables) {
  return db.schema
    .createTable(name)
    .addColumn('id', 'integer', (column) => column.primaryKey().autoIncrement())
    .addColumn('at', bigintType, (column) => column.notNull())
    .addColumn('session_id', 'text', (column) => column.notNull());
}

async function createDecisions(db: Kysely<Tables>, flavour: SqlFlavour): Promise<void> {
  await logTable(db, flavour, 'moderation_decisions')
    .addColumn('author', 'text', (column) => column.notNull())
    .addColumn('channel', 'text', (column) => column.notNull())
    .addColumn('rating', 'text', (column) => column.notNull())
    .addColumn('length', 'integer', (column) => column.notNull())
    .addColumn('stage', 'text', (column) => column.notNull())
    .addColumn('outcome', 'text', (column) => column.notNull())
    .addColumn('action', 'text', (column) => column.notNull())
    .addColumn('harm', 'text')
    .addColumn('rules', 'text', (column) => column.notNull())
    .addColumn('severities', 'text', (column) => column.notNull())
    .addColumn('scores', 'text', (column) => column.notNull())
    .addColumn('spans', 'text', (column) => column.notNull())
    .addColumn('needs_help', 'integer', (column) => column.notNull())
    .addColumn('is_strike', 'integer', (column) => column.notNull())
    .addColumn('policy_hash', 'text', (column) => column.notNull())
    .addColumn('model_version', 'text', (column) => column.notNull())
    .addColumn('failed_tiers', 'text', (column) => column.notNull())
    .addColumn('ms', 'real', (column) => column.notNull())
    .execute();
}

async function createReviewsAndLabels(db: Kysely<Tables>, flavour: SqlFlavour): Promise<void> {
  await logTable(db, flavour, 'moderation_reviews')
    .addColumn('hold_id', 'text', (column) => column.notNull())
    .addColumn('reviewer', 'text', (column) => column.notNull())
    .addColumn('review', 'text', (column) => column.notNull())
    .addColumn('harm', 'text')
    .addColumn('is_overturn', 'integer', (column) => column.notNull())
    .addColumn('waited_ms', flavour.bigintType, (column) => column.notNull())
    .execute();
  await logTable(db, flavour, 'moderation_labels')
    .addColumn('text', 'text', (column) => column.notNull())
    .addColumn('channel', 'text', (column) => column.notNull())
    .addColumn('rating', 'text', (column) => column.notNull())
    .addColumn('harm', 'text')
    .addColumn('is_harmful', 'integer', (column) => column.notNull())
    .addColumn('policy_hash', 'text', (column) => column.notNull())
    .addColumn('model_version', 'text', (column) => column.notNull())
    .execute();
}

async function createHistory(db: Kysely<Tables>, { blobType, bigintType }: SqlFlavour): Promise<void> {
  await db.schema
    .createTable('history_bases')
    .addColumn('session_id', 'text', (column) => column.notNull().references('sessions.id'))
    .addColumn('seq', bigintType, (column) => column.notNull())
    .addColumn('data', blobType, (column) => column.notNull())
    .addPrimaryKeyConstraint('history_bases_key', ['session_id', 'seq'])
    .execute();
  await db.schema
    .createTable('history_segments')
    .addColumn('session_id', 'text', (column) => column.notNull().references('sessions.id'))
    .addColumn('from_seq', bigintType, (column) => column.notNull())
    .addColumn('to_seq', bigintType, (column) => column.notNull())
    .addColumn('from_at', bigintType, (column) => column.notNull())
    .addColumn('to_at', bigintType, (column) => column.notNull())
    .addColumn('core', blobType, (column) => column.notNull())
    .addColumn('drafts', blobType, (column) => column.notNull())
    // Its end, since a reader looks for the first one that ends behind a position.
    .addPrimaryKeyConstraint('history_segments_key', ['session_id', 'to_seq'])
    .execute();
  await db.schema
    .createTable('generations')
    .addColumn('session_id', 'text', (column) => column.notNull().references('sessions.id'))
    .addColumn('passage_id', 'text', (column) => column.notNull())
    .addColumn('alternative_id', 'text', (column) => column.notNull())
    .addColumn('turn_id', 'text', (column) => column.notNull())
    .addColumn('at', bigintType, (column) => column.notNull())
    .addColumn('data', blobType, (column) => column.notNull())
    .addPrimaryKeyConstraint('generations_key', ['session_id', 'passage_id', 'alternative_id'])
    .execute();
}

async function createFeedback(db: Kysely<Tables>, { bigintType }: SqlFlavour): Promise<void> {
  await db.schema
    .createTable('feedback')
    .addColumn('session_id', 'text', (column) => column.notNull().references('sessions.id'))
    .addColumn('passage_id', 'text', (column) => column.notNull())
    .addColumn('alternative_id', 'text', (column) => column.notNull())
    .addColumn('player_id', 'text', (column) => column.notNull())
    .addColumn('at', bigintType, (column) => column.notNull())
    .addColumn('type', 'text', (column) => column.notNull())
    .addColumn('rating', 'integer')
    .addColumn('comment', 'text', (column) => column.notNull())
    .addColumn('version', 'text')
    .addColumn('model', 'text')
    .addPrimaryKeyConstraint('feedback_key', ['session_id', 'passage_id', 'alternative_id', 'player_id'])
    .execute();
  // For what was said in the last days.
  await index(db, 'feedback', ['at']);
}

async function createOperations(db: Kysely<Tables>, { bigintType }: SqlFlavour): Promise<void> {
  await db.schema
    .createTable('slo_hours')
    .addColumn('slo', 'text', (column) => column.notNull())
    .addColumn('hour', bigintType, (column) => column.notNull())
    .addColumn('good', 'double precision', (column) => column.notNull())
    .addColumn('total', 'double precision', (column) => column.notNull())
    .addPrimaryKeyConstraint('slo_hours_key', ['slo', 'hour'])
    .execute();
}

async function createIncidents(db: Kysely<Tables>, { bigintType }: SqlFlavour): Promise<void> {
  await db.schema
    .createTable('incidents')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('title', 'text', (column) => column.notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('opened_at', bigintType, (column) => column.notNull())
    .addColumn('closed_at', bigintType)
    .addColumn('steps', 'text', (column) => column.notNull())
    .addColumn('bundle', 'text', (column) => column.notNull())
    .addColumn('samples', 'text', (column) => column.notNull())
    .execute();
  await db.schema.createIndex('incidents_by_opened_at').on('incidents').columns(['opened_at']).execute();
}

/** Brings the tables to the newest version; returns the names of the migrations it ran. Throws what failed. */
export async function migrate(db: Kysely<Tables>, flavour: SqlFlavour): Promise<string[]> {
  const provider = { getMigrations: () => Promise.resolve(migrations(flavour)) };
  const { error, results } = await new Migrator({ db, provider }).migrateToLatest();
  if (error !== undefined)
    throw error instanceof Error ? error : new Error('The migration failed.', { cause: error });
  return (results ?? []).map((result) => result.migrationName);
}
