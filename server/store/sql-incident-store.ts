import { z } from 'zod';
import { INCIDENT_KINDS, INCIDENT_STEPS } from '../../sessions/ops-view.ts';
import type { IncidentStore, StoredIncident } from '../incidents.ts';
import type { IncidentSample } from '../incident-samples.ts';
import type { Database } from './database.ts';

const stepsSchema = z.array(
  z.object({ step: z.enum(INCIDENT_STEPS), doneAt: z.number().nullable(), note: z.string() }),
);
const kindSchema = z.enum(INCIDENT_KINDS);
const bundleSchema = z.record(z.string(), z.unknown());
const samplesSchema = z.array(
  z.object({
    sessionId: z.string(),
    passageId: z.string(),
    version: z.string().nullable(),
    at: z.number(),
    text: z.string(),
    isFlagged: z.boolean(),
  }),
);

const HEAD = ['id', 'title', 'kind', 'opened_at', 'closed_at', 'steps'] as const;

interface HeadRow {
  id: string;
  title: string;
  kind: string;
  opened_at: number;
  closed_at: number | null;
  steps: string;
}

function headOf(row: HeadRow): StoredIncident {
  return {
    id: row.id,
    title: row.title,
    kind: kindSchema.parse(row.kind),
    openedAt: row.opened_at,
    closedAt: row.closed_at,
    steps: stepsSchema.parse(JSON.parse(row.steps)),
  };
}

/** Incidents in SQL. */
export class SqlIncidentStore implements IncidentStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async add(incident: StoredIncident, bundle: object, samples: readonly IncidentSample[]): Promise<void> {
    await this.#database.db
      .insertInto('incidents')
      .values({
        id: incident.id,
        title: incident.title,
        kind: incident.kind,
        opened_at: incident.openedAt,
        closed_at: incident.closedAt,
        steps: JSON.stringify(incident.steps),
        bundle: JSON.stringify(bundle),
        samples: JSON.stringify(samples),
      })
      .execute();
  }

  async list(limit: number): Promise<StoredIncident[]> {
    const all = this.#database.db.selectFrom('incidents').select(HEAD);
    const rows = await all.orderBy('opened_at', 'desc').orderBy('id').limit(limit).execute();
    return rows.map(headOf);
  }

  async get(id: string) {
    const found = this.#database.db.selectFrom('incidents').selectAll().where('id', '=', id);
    const row = await found.executeTakeFirst();
    if (row === undefined) return null;
    const bundle = bundleSchema.parse(JSON.parse(row.bundle));
    return { incident: headOf(row), bundle, samples: samplesSchema.parse(JSON.parse(row.samples)) };
  }

  async save({ id, closedAt, steps }: StoredIncident): Promise<void> {
    await this.#database.db
      .updateTable('incidents')
      .set({ closed_at: closedAt, steps: JSON.stringify(steps) })
      .where('id', '=', id)
      .execute();
  }

  async dropSamples(openedBefore: number): Promise<void> {
    await this.#database.db
      .updateTable('incidents')
      .set({ samples: '[]' })
      .where('opened_at', '<', openedBefore)
      .where('samples', '!=', '[]')
      .execute();
  }

  async purge(sessionId: string, passageIds: readonly string[]): Promise<void> {
    const { db } = this.#database;
    const rows = await db
      .selectFrom('incidents')
      .select(['id', 'samples'])
      .where('samples', '!=', '[]')
      .where('samples', 'like', `%"${sessionId}"%`)
      .execute();
    for (const { id, samples } of rows) {
      const all = samplesSchema.parse(JSON.parse(samples));
      const left = all.filter((each) => each.sessionId !== sessionId || !passageIds.includes(each.passageId));
      if (left.length === all.length) continue;
      await db
        .updateTable('incidents')
        .set({ samples: JSON.stringify(left) })
        .where('id', '=', id)
        .execute();
    }
  }

  async dropClosed(keep: number): Promise<void> {
    const { db } = this.#database;
    const newest = db.selectFrom('incidents').select('id').orderBy('opened_at', 'desc').limit(keep);
    await db
      .deleteFrom('incidents')
      .where('closed_at', 'is not', null)
      .where('id', 'not in', newest)
      .execute();
  }
}
