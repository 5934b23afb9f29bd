import { Migrator, type Kysely, type Migration } from 'kysely';
import type { SqlFlavour } from './sql-flavour.ts';
import type { Tables } from './tables.ts';

/** Forward only. A migration that was ever released is never edited: a change is a new entry. */
function migrations(flavour: SqlFlavour): Record<string, Migration> {
  return { '0001-sessions': { up: (db: Kysely<Tables>) => createSessions(db, flavour) } };
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

/** Brings the tables to the newest version; returns the names of the migrations it ran. Throws what failed. */
export async function migrate(db: Kysely<Tables>, flavour: SqlFlavour): Promise<string[]> {
  const provider = { getMigrations: () => Promise.resolve(migrations(flavour)) };
  const { error, results } = await new Migrator({ db, provider }).migrateToLatest();
  if (error !== undefined)
    throw error instanceof Error ? error : new Error('The migration failed.', { cause: error });
  return (results ?? []).map((result) => result.migrationName);
}
