import { setTimeout as delay } from 'node:timers/promises';
import type { Backend } from './backend.ts';
import type { BenchClient } from './bench-client.ts';
import type { Job } from './job.ts';
import type { ProcessUsage } from './process-stats.ts';
import { readUsage } from './process-stats.ts';

/** A server that uses less of a core than this over a settle step has nothing left to do. */
const IDLE_CPU_SHARE = 0.03;
const SETTLE_STEP_MS = 500;
const SETTLE_DEADLINE_MS = 120_000;

/** What a workload runs on. */
export interface WorkloadContext {
  job: Job;
  backend: Backend;
}

/** Everything that is read at both ends of a measured window. */
interface Reading {
  atMs: number;
  server: ProcessUsage;
  loadCpuMicros: number;
  received: number;
  sent: number;
}

/** What happened between two readings; bytes as the clients see them. */
export interface Window {
  seconds: number;
  serverCpuMicros: number;
  /** Share of one core that the server used. */
  serverCpuShare: number;
  /** Share of one core that the load process used: near 1 it is the bottleneck itself. */
  loadCpuShare: number;
  rssMiB: number;
  receivedBytes: number;
  sentBytes: number;
}

function read(pid: number, clients: readonly BenchClient[]): Reading {
  const own = process.cpuUsage();
  let received = 0;
  let sent = 0;
  for (const client of clients) {
    const bytes = client.bytes();
    received += bytes.received;
    sent += bytes.sent;
  }
  const loadCpuMicros = own.user + own.system;
  return { atMs: performance.now(), server: readUsage(pid), loadCpuMicros, received, sent };
}

/** Begin a measured window; the returned function ends it (it may be called more than once). */
export function openWindow(pid: number, clients: readonly BenchClient[]): () => Window {
  const start = read(pid, clients);
  return () => {
    const end = read(pid, clients);
    const micros = (end.atMs - start.atMs) * 1000;
    const serverCpuMicros = end.server.cpuMicros - start.server.cpuMicros;
    return {
      seconds: micros / 1e6,
      serverCpuMicros,
      serverCpuShare: serverCpuMicros / micros,
      loadCpuShare: (end.loadCpuMicros - start.loadCpuMicros) / micros,
      rssMiB: end.server.rssBytes / 1024 / 1024,
      receivedBytes: end.received - start.received,
      sentBytes: end.sent - start.sent,
    };
  };
}

/** Wait until the server has done its deferred work: at least `settleMs`, then until it is idle. */
export async function settle({ pid, sizes }: Job): Promise<void> {
  await delay(sizes.settleMs);
  const deadline = performance.now() + SETTLE_DEADLINE_MS;
  for (;;) {
    const step = openWindow(pid, []);
    await delay(SETTLE_STEP_MS);
    if (step().serverCpuShare < IDLE_CPU_SHARE) return;
    if (performance.now() > deadline) throw new Error('the server does not come to rest');
  }
}
