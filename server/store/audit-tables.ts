import { sql, type Kysely } from 'kysely';
import type { SqlFlavour } from './sql-flavour.ts';
import type { Tables } from './tables.ts';

/** Migration 0005: the tables of the audit log. Sessions that exist are recorded from their newest event on. */
export async function createAudit(db: Kysely<Tables>, flavour: SqlFlavour): Promise<void> {
  await createRecords(db, flavour);
  await createHeads(db, flavour);
  await createTexts(db, flavour);
  await db.schema
    .createTable('audit_progress')
    .addColumn('session_id', 'text', (column) => column.primaryKey())
    .addColumn('seq', flavour.bigintType, (column) => column.notNull())
    .addColumn('records', flavour.bigintType, (column) => column.notNull())
    .addColumn('seal', flavour.blobType)
    .execute();
  await sql`
    insert into audit_progress (session_id, seq, records, seal)
    select id, coalesce(
      (select max(seq) from journal where journal.session_id = sessions.id),
      (select max(to_seq) from history_segments where history_segments.session_id = sessions.id), 0), 0, null
    from sessions`.execute(db);
}

async function createRecords(db: Kysely<Tables>, { blobType, bigintType }: SqlFlavour): Promise<void> {
  await db.schema
    .createTable('audit_records')
    .addColumn('leaf_index', 'integer', (column) => column.primaryKey())
    .addColumn('session_id', 'text')
    .addColumn('seq', bigintType)
    .addColumn('at', bigintType, (column) => column.notNull())
    .addColumn('type', 'text', (column) => column.notNull())
    .addColumn('record', 'text', (column) => column.notNull())
    .addColumn('leaf_hash', blobType, (column) => column.notNull())
    .addColumn('seal', blobType, (column) => column.notNull())
    .execute();
  await db.schema
    .createIndex('audit_records_by_session')
    .on('audit_records')
    .columns(['session_id', 'leaf_index'])
    .execute();
  await db.schema.createIndex('audit_records_by_at').on('audit_records').columns(['at']).execute();
  await db.schema
    .createTable('audit_tiles')
    .addColumn('tile', 'integer', (column) => column.primaryKey())
    .addColumn('root', blobType, (column) => column.notNull())
    .execute();
}

async function createHeads(db: Kysely<Tables>, { blobType, bigintType }: SqlFlavour): Promise<void> {
  await db.schema
    .createTable('audit_head')
    .addColumn('id', 'integer', (column) => column.primaryKey())
    .addColumn('size', bigintType, (column) => column.notNull())
    .addColumn('root', blobType, (column) => column.notNull())
    .addColumn('checkpoints', bigintType, (column) => column.notNull())
    .addColumn('sessions', bigintType, (column) => column.notNull())
    .addColumn('seal', blobType, (column) => column.notNull())
    .execute();
  await db.schema
    .createTable('audit_checkpoints')
    .addColumn('id', 'integer', (column) => column.primaryKey())
    .addColumn('size', bigintType, (column) => column.notNull())
    .addColumn('at', bigintType, (column) => column.notNull())
    .addColumn('note', 'text', (column) => column.notNull())
    .addColumn('seal', blobType, (column) => column.notNull())
    .execute();
}

async function createTexts(db: Kysely<Tables>, { blobType, bigintType }: SqlFlavour): Promise<void> {
  await db.schema
    .createTable('audit_blobs')
    .addColumn('leaf_index', 'integer', (column) => column.primaryKey())
    .addColumn('session_id', 'text', (column) => column.notNull())
    .addColumn('passage_id', 'text', (column) => column.notNull())
    .addColumn('key_id', 'text', (column) => column.notNull())
    .addColumn('data', blobType, (column) => column.notNull())
    .execute();
  await db.schema
    .createIndex('audit_blobs_by_passage')
    .on('audit_blobs')
    .columns(['session_id', 'passage_id'])
    .execute();
  await db.schema
    .createTable('audit_keys')
    .addColumn('key_id', 'text', (column) => column.primaryKey())
    .addColumn('subject', 'text', (column) => column.notNull().unique())
    .addColumn('made_at', bigintType, (column) => column.notNull())
    .addColumn('wrapped', blobType, (column) => column.notNull())
    .execute();
}
