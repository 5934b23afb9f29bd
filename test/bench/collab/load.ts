/** The load process: gets one `Job` from its parent, plays all clients of it, answers with a `JobAnswer`. */
import { backendOf } from './backend.ts';
import type { Figures, Job, JobAnswer } from './job.ts';
import type { WorkloadContext } from './workload.ts';
import { runFanout } from './workloads/fanout.ts';
import { runJoin } from './workloads/join.ts';
import { runTrace } from './workloads/trace.ts';

function runWorkload(context: WorkloadContext): Promise<Figures> {
  switch (context.job.workload) {
    case 'fanout':
      return runFanout(context);
    case 'join':
      return runJoin(context);
    case 'trace':
      return runTrace(context);
  }
}

async function answer(job: Job): Promise<JobAnswer> {
  try {
    return { ok: true, figures: await runWorkload({ job, backend: backendOf(job.server, job.url) }) };
  } catch (error) {
    return { ok: false, error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

process.once('message', (job: Job) => {
  void answer(job).then((result) => process.send?.(result, () => process.exit(0)));
});
