import { tmpdir } from 'node:os';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import type { ServerName, Sizes, WorkloadName } from './job.ts';
import { SERVER_NAMES, WORKLOAD_NAMES } from './job.ts';

/** What one run of the benchmark does. */
export interface Options {
  rounds: number;
  servers: readonly ServerName[];
  workloads: readonly WorkloadName[];
  sizes: Sizes;
  seed: number;
  /** Folder for the servers' storage; on a memory file system an fsync would cost nothing. */
  tempRoot: string;
  outFile: string;
}

export const USAGE = `npm run bench:collab -- [options]
  --quick                  a smoke run of under a minute or two: small sizes, one round
  --rounds N               rounds in which the servers take turns (3)
  --only NAMES             servers, of ${SERVER_NAMES.join(',')}
  --workloads NAMES        of ${WORKLOAD_NAMES.join(',')}
  --documents N --writers N --keys N --seconds N     sizes of fanout (4, 10, 5 a second, 20)
  --joins N                newcomers of join (300)
  --edits N                edits of trace (10000)
  --seed N                 seed of all invented typing (1)
  --temp DIR               where the servers store (${tmpdir()})
  --out FILE               results (bench-results/collab.json)`;

const FULL: Sizes = {
  fanout: { documents: 4, writers: 10, keysPerSecond: 5, warmUpSeconds: 5, seconds: 20 },
  join: { characters: 20_000, writers: 5, joins: 300, warmUpJoins: 20 },
  trace: { edits: 10_000, window: 256 },
  settleMs: 4_000,
};

const QUICK: Sizes = {
  fanout: { documents: 2, writers: 5, keysPerSecond: 5, warmUpSeconds: 1, seconds: 4 },
  join: { characters: 3_000, writers: 3, joins: 40, warmUpJoins: 5 },
  trace: { edits: 2_000, window: 256 },
  settleMs: 2_500,
};

const count = z.coerce.number().int().min(1).max(1_000_000).optional();
const listOf = <T extends string>(names: readonly T[]) =>
  z
    .string()
    .default(names.join(','))
    .transform((list) => list.split(','))
    .pipe(z.array(z.enum(names)).min(1));
const flags = z.object({
  quick: z.boolean().default(false),
  rounds: count,
  only: listOf(SERVER_NAMES),
  workloads: listOf(WORKLOAD_NAMES),
  documents: count,
  writers: z.coerce.number().int().min(2).max(200).optional(),
  keys: z.coerce.number().min(0.1).max(1_000).optional(),
  seconds: count,
  joins: count,
  edits: count,
  seed: z.coerce.number().int().min(0).default(1),
  temp: z.string().default(tmpdir()),
  out: z.string().default('bench-results/collab.json'),
});

/** Options from the command line; `null` when only help is wanted. Throws on what it does not know. */
export function readOptions(args: string[]): Options | null {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    args,
    options: {
      help: { type: 'boolean', short: 'h' },
      quick: { type: 'boolean' },
      rounds: text,
      only: text,
      workloads: text,
      documents: text,
      writers: text,
      keys: text,
      seconds: text,
      joins: text,
      edits: text,
      seed: text,
      temp: text,
      out: text,
    },
  });
  if (values.help === true) return null;
  const given = flags.parse(values);
  const base = given.quick ? QUICK : FULL;
  return {
    rounds: given.rounds ?? (given.quick ? 1 : 3),
    servers: given.only,
    workloads: given.workloads,
    sizes: {
      ...base,
      fanout: {
        ...base.fanout,
        documents: given.documents ?? base.fanout.documents,
        writers: given.writers ?? base.fanout.writers,
        keysPerSecond: given.keys ?? base.fanout.keysPerSecond,
        seconds: given.seconds ?? base.fanout.seconds,
      },
      join: { ...base.join, joins: given.joins ?? base.join.joins },
      trace: { ...base.trace, edits: given.edits ?? base.trace.edits },
    },
    seed: given.seed,
    tempRoot: given.temp,
    outFile: given.out,
  };
}
