/** Compares Taleloom with other Yjs servers; see test/bench/README.md. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { WorkloadName } from './job.ts';
import { describeMachine, isMemoryFolder } from './machine.ts';
import type { Options } from './options.ts';
import { readOptions, USAGE } from './options.ts';
import { installPeer } from './peers.ts';
import type { Run } from './report.ts';
import { summarize, summaryLine } from './report.ts';
import { runJob } from './run-job.ts';
import { assertBuilt, TALELOOM_SETTINGS } from './servers.ts';

function prepare({ servers, tempRoot }: Options): void {
  for (const server of servers) {
    if (server === 'taleloom') assertBuilt();
    else installPeer(server);
  }
  if (isMemoryFolder(tempRoot))
    console.warn(
      `${tempRoot} is in memory: Taleloom's fsyncs are free there. Use --temp with a folder on a disk.`,
    );
}

async function measure(options: Options): Promise<Run[]> {
  const { sizes, seed } = options;
  const runs: Run[] = [];
  for (let round = 1; round <= options.rounds; round++) {
    for (const workload of options.workloads) {
      for (const server of options.servers) {
        const figures = await runJob({ server, workload, sizes, seed: seed + round }, options.tempRoot);
        const run: Run = { round, workload, server, figures };
        runs.push(run);
        const line = summaryLine(workload, summarize(workload, [run]));
        console.log(`round ${round}/${options.rounds} ${line}`);
      }
    }
  }
  return runs;
}

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  if (options === null) {
    console.log(USAGE);
    return;
  }
  prepare(options);
  const about = describeMachine(options.tempRoot);
  const startedAt = new Date().toISOString();
  const runs = await measure(options);
  const summaries = Object.fromEntries(
    options.workloads.map((workload: WorkloadName) => [
      workload,
      summarize(
        workload,
        runs.filter((run) => run.workload === workload),
      ),
    ]),
  );
  const { rounds, sizes, seed } = options;
  const results = {
    startedAt,
    ...about,
    taleloomSettings: TALELOOM_SETTINGS,
    rounds,
    sizes,
    seed,
    summaries,
    runs,
  };
  mkdirSync(dirname(options.outFile), { recursive: true });
  writeFileSync(options.outFile, `${JSON.stringify(results, null, 2)}\n`);
  console.log(`\nMedians of ${rounds} round${rounds === 1 ? '' : 's'} (all figures: ${options.outFile})`);
  for (const [workload, summary] of Object.entries(summaries))
    console.log(summaryLine(workload as WorkloadName, summary));
}

await main();
