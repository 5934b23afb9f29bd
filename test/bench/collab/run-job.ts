import { fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { atExit } from './cleanup.ts';
import type { Figures, Job, JobAnswer } from './job.ts';
import { startServer } from './servers.ts';

const LOAD_PROCESS = fileURLToPath(new URL('./load.ts', import.meta.url));
const JOB_TIMEOUT_MS = 10 * 60_000;

function askLoadProcess(job: Job): Promise<JobAnswer> {
  return new Promise((resolve, reject) => {
    const child = fork(LOAD_PROCESS, { execArgv: ['--import', import.meta.resolve('tsx')] });
    const forget = atExit(() => child.kill('SIGKILL'));
    const timer = setTimeout(() => child.kill('SIGKILL'), JOB_TIMEOUT_MS);
    child.once('message', (answer: JobAnswer) => resolve(answer));
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      forget();
      clearTimeout(timer);
      reject(new Error(`the load process ended without an answer (${code ?? signal})`));
    });
    child.send(job);
  });
}

/** Run one workload on a fresh server with empty storage below `tempRoot`; both are gone afterwards. */
export async function runJob(
  parts: Pick<Job, 'server' | 'workload' | 'sizes' | 'seed'>,
  tempRoot: string,
): Promise<Figures> {
  const dataDir = mkdtempSync(join(tempRoot, 'bench-collab-'));
  const remove = (): void => rmSync(dataDir, { recursive: true, force: true });
  const forget = atExit(remove);
  try {
    const server = await startServer(parts.server, dataDir);
    try {
      const answer = await askLoadProcess({ ...parts, url: server.url, pid: server.pid, dataDir });
      if (!answer.ok) throw new Error(`${answer.error}\nThe server's last words:\n${server.output()}`);
      return answer.figures;
    } finally {
      await server.stop();
    }
  } finally {
    forget();
    remove();
  }
}
