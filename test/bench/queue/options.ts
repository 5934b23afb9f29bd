import { parseArgs } from 'node:util';

/** What one run of the benchmark does. */
export interface Options {
  hasVirtual: boolean;
  hasReal: boolean;
  isQuick: boolean;
  outFile: string;
}

export const USAGE = `npm run bench:queue -- [options]
  --virtual    only the simulation on a virtual clock
  --real       only the bundled model
  --quick      a smoke run: one seed, short real workloads
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
    outFile: values.out ?? `bench-results/queue-${stamp}.json`,
  };
}
