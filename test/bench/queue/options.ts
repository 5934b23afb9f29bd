import { parseArgs } from 'node:util';
import { z } from 'zod';

/** What one run of the benchmark does. */
export interface Options {
  hasVirtual: boolean;
  hasReal: boolean;
  isQuick: boolean;
  /** Rounds of the real part, in which the policies take turns. */
  rounds: number;
  outFile: string;
}

export const USAGE = `npm run bench:queue -- [options]
  --virtual    only the simulation on a virtual clock
  --real       only the bundled model
  --quick      a smoke run: one seed, short real workloads
  --rounds N   rounds of the real part (4; 1 with --quick)
  --out FILE   results (bench-results/queue-<time>.json)`;

/** Options from the command line; null when only help is wanted. Throws on what it does not know. */
export function readOptions(args: string[], now: Date): Options | null {
  const flag = { type: 'boolean', default: false } as const;
  const { values } = parseArgs({
    args,
    options: {
      help: { ...flag, short: 'h' },
      virtual: flag,
      real: flag,
      quick: flag,
      rounds: { type: 'string' },
      out: { type: 'string' },
    },
  });
  if (values.help) return null;
  const stamp = now
    .toISOString()
    .replace(/\.\d+Z$/, '')
    .replaceAll(/[-:]/g, '')
    .replace('T', '-');
  return {
    hasVirtual: values.virtual || !values.real,
    hasReal: values.real || !values.virtual,
    isQuick: values.quick,
    rounds: z.coerce
      .number()
      .int()
      .min(1)
      .max(100)
      .parse(values.rounds ?? (values.quick ? 1 : 4)),
    outFile: values.out ?? `bench-results/queue-${stamp}.json`,
  };
}
