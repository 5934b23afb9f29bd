/** Compares the fair queue with other policies; see test/bench/README.md. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname } from 'node:path';
import { describeMachine } from '../collab/machine.ts';
import { acceptanceChecks } from './acceptance.ts';
import type { Options } from './options.ts';
import { readOptions, USAGE } from './options.ts';
import { REAL_ENGINE } from './real-play.ts';
import { runReal } from './real.ts';
import { realLine, realTable } from './real-report.ts';
import { checkList, cpuTable, virtualLine, workloadTable } from './report.ts';
import { measureScheduler } from './scheduler-cpu.ts';
import { runVirtual, SEEDS } from './virtual.ts';
import { WORKLOADS } from './workloads.ts';

function virtualPart({ isQuick }: Options) {
  const seeds = isQuick ? SEEDS.slice(0, 1) : SEEDS;
  const runs = WORKLOADS.flatMap((workload) => {
    const own = runVirtual({
      workloads: [workload],
      seeds,
      policiesOf: () => ['round-robin', 'lcf', 'vtc', 'fair'],
      hasForecasts: true,
    });
    console.log(`\n${workloadTable(workload, own)}`);
    return own;
  });
  const cpu = (['first-come', 'round-robin', 'lcf', 'vtc', 'fair'] as const).map(measureScheduler);
  const checks = acceptanceChecks(runs);
  console.log(`\n${cpuTable(cpu)}\n\n${checkList(checks)}`);
  return { line: virtualLine(runs, checks), result: { seeds, runs, checks, schedulerAt64: cpu } };
}

async function realPart({ isQuick, rounds }: Options) {
  const { times, runs } = await runReal({
    rounds,
    workMs: isQuick ? 3_000 : 8_000,
    onWorkload: (workload, soFar) => console.log(`\n${realTable(workload, soFar)}`),
  });
  return { line: realLine(runs), result: { engine: REAL_ENGINE, times, runs } };
}

async function main(): Promise<void> {
  const startedAt = new Date();
  const options = readOptions(process.argv.slice(2), startedAt);
  if (options === null) {
    console.log(USAGE);
    return;
  }
  const { machine, versions } = describeMachine(tmpdir());
  const virtual = options.hasVirtual ? virtualPart(options) : null;
  const real = options.hasReal ? await realPart(options) : null;
  const results = {
    startedAt: startedAt.toISOString(),
    machine,
    version: versions.taleloom,
    virtual: virtual?.result ?? null,
    real: real?.result ?? null,
  };
  mkdirSync(dirname(options.outFile), { recursive: true });
  writeFileSync(options.outFile, `${JSON.stringify(results, null, 2)}\n`);
  console.log(`\nMedians; all figures: ${options.outFile}`);
  console.log(`queue: ${[virtual, real].flatMap((part) => part?.line ?? []).join(' | ')}`);
}

await main();
