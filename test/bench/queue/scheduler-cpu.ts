import { createScheduler } from '../../../narrator/queue-policies.ts';
import type { QueuePolicy } from '../../../narrator/queue-policies.ts';
import type { Job } from '../../../narrator/scheduler.ts';
import { between, seededRandom } from '../collab/random.ts';
import { quantile } from '../collab/quantiles.ts';
import { ENGINE } from './engine-model.ts';

const QUEUED = 64;
const SESSIONS = 16;
const WARM_UP_STEPS = 1_000;
const STEPS = 5_000;

/** What a step with 64 waiting turns costs in real time, milliseconds. */
export interface SchedulerCpu {
  policy: QueuePolicy;
  /** Processor time, on average over all steps. */
  cpuMs: number;
  p50Ms: number;
  p95Ms: number;
}

/** Measures one scheduler: plans, charges and the end of turns, with 64 waiting turns of 16 sessions at all times. */
export function measureScheduler(policy: QueuePolicy): SchedulerCpu {
  const { permits, chunk } = ENGINE;
  const random = seededRandom(1);
  let nowMs = 0;
  const clock = { now: () => nowMs };
  const scheduler = createScheduler(policy, { clock, permits, chunk, perSession: Infinity });
  const left = new Map<string, number>();
  let asked = 0;
  const ask = (): void => {
    const session = asked % SESSIONS;
    const id = String((asked += 1));
    const names = { tenantId: `t${session}`, sessionId: `s${session}`, playerId: `p${session}` };
    const job: Job = { id, workClass: 'narrator', ...names, promptTokens: 300 };
    left.set(id, between(random, 20, 200));
    scheduler.add(job);
  };
  for (let count = 0; count < QUEUED + permits; count += 1) ask();

  const samples: number[] = [];
  let cpuBefore = process.cpuUsage();
  for (let step = 0; step < WARM_UP_STEPS + STEPS; step += 1) {
    nowMs += ENGINE.stepMs;
    const began = performance.now();
    scheduler.schedule(true);
    const running = scheduler.running();
    scheduler.paused();
    for (const { id } of running) {
      scheduler.charge(id, { inputTokens: 0, outputTokens: 1 });
      const rest = (left.get(id) ?? 1) - 1;
      left.set(id, rest);
      if (rest > 0) continue;
      scheduler.remove(id);
      left.delete(id);
      ask();
    }
    if (step === WARM_UP_STEPS) cpuBefore = process.cpuUsage();
    if (step >= WARM_UP_STEPS) samples.push(performance.now() - began);
  }
  const { user, system } = process.cpuUsage(cpuBefore);
  const cpuMs = (user + system) / 1_000 / STEPS;
  return { policy, cpuMs, p50Ms: quantile(samples, 0.5), p95Ms: quantile(samples, 0.95) };
}
