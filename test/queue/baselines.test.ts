import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FirstComeQueue, RoundRobinQueue, VirtualTokenQueue } from '../../narrator/baseline-queues.ts';
import { costUnits } from '../../narrator/scheduler.ts';
import type { Scheduler } from '../../narrator/scheduler.ts';
import { demand } from './checks.ts';
import { fairQueue } from './play.ts';
import { scenarios } from './scenario.ts';
import type { Scenario } from './scenario.ts';
import { Simulation } from './simulation.ts';
import type { Setup, SimJob } from './simulation.ts';

const RUNS = Number(process.env.RUNS ?? 40);
const seed = process.env.SEED === undefined ? Date.now() % 1_000_000_000 : Number(process.env.SEED);

const SCHEDULERS: Record<string, (scenario: Scenario, setup: Setup) => Scheduler> = {
  'fair': (scenario, setup) => fairQueue(scenario, setup),
  'first come': (scenario) => new FirstComeQueue(scenario),
  'round robin': (scenario) => new RoundRobinQueue(scenario),
  'vtc': (scenario) => new VirtualTokenQueue({ ...scenario, lifts: true }),
  'lcf': (scenario) => new VirtualTokenQueue({ ...scenario, lifts: false }),
};

/** Sessions of one player and one class each: the baselines know no more. */
const plain = scenarios(['cancel', 'expire', 'crash']).map((scenario): Scenario => {
  const requests = scenario.requests.map((request) => ({
    ...request,
    player: 0,
    workClass: 'narrator' as const,
  }));
  return { ...scenario, requests, spareMemory: null };
});

const assert = (arbitrary: fc.Arbitrary<Scenario>, check: (scenario: Scenario) => void) =>
  fc.assert(fc.property(arbitrary, check), { numRuns: RUNS, seed, interruptAfterTimeLimit: 60_000 });

const ids = (jobs: readonly { id: string }[]) => jobs.map((job) => job.id).sort();

describe.each(Object.entries(SCHEDULERS))(`the scheduler '%s' (SEED=${seed} RUNS=${RUNS})`, (_, build) => {
  it('Q11: loses no job and makes none up', () => {
    assert(plain, (scenario) => {
      const simulation = new Simulation(scenario, (setup) => build(scenario, setup));
      const same = () => {
        const of = (isRunning: boolean) => simulation.live.filter((job) => job.isRunning === isRunning);
        expect(ids(simulation.queue.running())).toEqual(ids(of(true).map((job) => job.job)));
        expect(ids(simulation.queue.waiting())).toEqual(ids(of(false).map((job) => job.job)));
      };
      const added = ({ job }: SimJob) => {
        simulation.queue.add(job);
        same();
      };
      simulation.probes.push({ added, removed: same, putBack: same, scheduled: same });
      simulation.run();
      for (const job of simulation.jobs) expect(['done', 'cancelled', 'expired', 'lost']).toContain(job.fate);
    });
  });

  it('Q13: leaves no permit free while a job may run, and keeps permits and caps', () => {
    assert(plain, (scenario) => {
      const simulation = new Simulation(scenario, (setup) => build(scenario, setup));
      simulation.probes.push({
        scheduled() {
          const running = simulation.live.filter((job) => job.isRunning);
          demand(running.length <= scenario.permits, () => `${running.length} run`);
          const runs = (id: string) => running.filter((job) => job.job.sessionId === id).length;
          for (const { job } of running)
            demand(runs(job.sessionId) <= scenario.perSession, () => 'over the cap');
          const isWaiting = ({ isRunning, job }: SimJob) =>
            !isRunning && runs(job.sessionId) < scenario.perSession;
          const isFull = running.length === scenario.permits || !simulation.live.some(isWaiting);
          demand(isFull, () => 'a permit is free');
        },
      });
      simulation.run();
    });
  });

  it('Q15: serves each session in order, those put back first', () => {
    assert(plain, (scenario) => {
      const simulation = new Simulation(scenario, (setup) => build(scenario, setup));
      simulation.probes.push({
        scheduled({ granted }) {
          for (const id of granted) {
            const job = simulation.find(id);
            const isOlder = (other: SimJob) =>
              !other.isRunning && other.job.sessionId === job.job.sessionId && other.seq < job.seq;
            const older = simulation.live.find(isOlder);
            demand(older === undefined, () => `job ${job.seq} came before ${older!.seq}`);
          }
        },
      });
      simulation.run();
    });
  });

  it('Q20: decides the same as a copy of it, which leaves it alone', () => {
    assert(plain, (scenario) => {
      const log = (isCopied: boolean) => {
        const simulation = new Simulation(scenario, (setup) => build(scenario, setup));
        simulation.probes.push({
          scheduled() {
            if (!isCopied || simulation.step % 5 !== 2) return;
            const toy = simulation.queue.clone();
            for (const { id } of toy.running()) toy.charge(id, { inputTokens: 40, outputTokens: 2 });
            toy.remove(toy.running()[0]?.id ?? '');
            toy.schedule(true);
            if (simulation.step % 2 === 0) simulation.queue = simulation.queue.clone();
          },
        });
        simulation.run();
        return simulation.log;
      };
      expect(log(true)).toEqual(log(false));
    });
  });
});

describe('plain VTC as published', () => {
  it('serves sessions that wait the same within 2U, U being a prompt and the output of all that run', () => {
    const uncapped = plain.map((scenario) => ({ ...scenario, perSession: Infinity, happenings: [] }));
    assert(uncapped, (scenario) => {
      const simulation = new Simulation(scenario, (setup) => SCHEDULERS.vtc!(scenario, setup));
      const longest = (of: 'prompt' | 'output') =>
        Math.max(...scenario.requests.map((request) => request[of]));
      const bound = 2 * (longest('prompt') + 2 * scenario.permits * longest('output'));
      const received = new Map<string, number>();
      let pairs = new Map<string, { least: number; most: number }>();
      const add = (id: string, units: number) => received.set(id, (received.get(id) ?? 0) + units);
      const check = () => {
        const waiting = simulation.live.filter((job) => !job.isRunning).map((job) => job.job.sessionId);
        const sessions = [...new Set(waiting)].sort();
        const seen = new Map<string, { least: number; most: number }>();
        for (const a of sessions) {
          for (const b of sessions.filter((other) => other > a)) {
            const ahead = (received.get(a) ?? 0) - (received.get(b) ?? 0);
            const { least, most } = pairs.get(a + b) ?? { least: ahead, most: ahead };
            const pair = { least: Math.min(least, ahead), most: Math.max(most, ahead) };
            demand(pair.most - pair.least <= bound, () => `${a}, ${b}: ${pair.most - pair.least} > ${bound}`);
            seen.set(a + b, pair);
          }
        }
        pairs = seen;
      };
      simulation.probes.push({
        added: check,
        removed: check,
        scheduled({ granted }) {
          for (const id of granted)
            add(simulation.find(id).job.sessionId, simulation.find(id).request.prompt);
          check();
        },
        charged({ job }, { outputTokens }) {
          add(job.sessionId, costUnits({ inputTokens: 0, outputTokens }));
          check();
        },
      });
      simulation.run();
    });
  });
});
