import { expect } from 'vitest';
import { MICRO } from '../../narrator/fair-flows.ts';
import type { FlowFigures } from '../../narrator/fair-flows.ts';
import type { FairQueue } from '../../narrator/fair-queue.ts';
import { costUnits } from '../../narrator/scheduler.ts';
import { limitsOf } from './limits.ts';
import { Oracle, parentOf, pathsOf } from './oracle.ts';
import type { OracleFlow } from './oracle.ts';
import type { Game } from './play.ts';
import type { Probe, SimJob } from './simulation.ts';

/** Less than any cost: sums of shares may be off by rounding. */
const HAIR = 1e-6;

/** A failed check ends the trace; cheaper than a matcher in the innermost loops. */
export function demand(isTrue: boolean, what: () => string): void {
  if (!isTrue) expect.fail(what());
}

/** Lets an oracle follow a game, and checks after each event. */
export function following(queue: FairQueue, oracle: Oracle, check: () => void): Probe {
  return {
    added: (job) => (oracle.added(job), check()),
    removed: (job) => (oracle.removed(job), check()),
    putBack: (job) => (oracle.putBack(job), check()),
    scheduled: () => (oracle.scheduled(queue.inspect().moves), check()),
    charged: (job, cost) => (oracle.charged(job, cost), check()),
  };
}

function byParent(flows: readonly FlowFigures[]): Map<string, FlowFigures[]> {
  const groups = new Map<string, FlowFigures[]>();
  for (const flow of flows) {
    if (!flow.isWaiting) continue;
    const group = groups.get(parentOf(flow.path));
    if (group === undefined) groups.set(parentOf(flow.path), [flow]);
    else group.push(flow);
  }
  return groups;
}

/** Jobs are neither lost nor made up; a charge goes to the flows of its job, and to nothing else. */
export function conservation({ simulation, queue }: Game): Probe {
  let before = new Map<string, number>();
  const counters = () => new Map(queue.inspect().flows.map((flow) => [flow.path, flow.counter]));
  const same = () => {
    const ids = (jobs: readonly { id: string }[]) => jobs.map((job) => job.id).sort();
    const { live } = simulation;
    const of = (isRunning: boolean) =>
      ids(live.filter((job) => job.isRunning === isRunning).map((job) => job.job));
    expect(ids(queue.running())).toEqual(of(true));
    expect(ids(queue.waiting())).toEqual(of(false));
  };
  return {
    added({ job }) {
      queue.add(job);
      same();
    },
    putBack: same,
    scheduled: same,
    removed(job) {
      before = counters();
      queue.charge(job.job.id, { inputTokens: 10, outputTokens: 10 });
      expect(counters()).toEqual(before);
    },
    beforeCharge: () => void (before = counters()),
    charged({ job }, cost) {
      const limits = limitsOf(simulation);
      const keys = { class: '', tenant: job.tenantId, session: job.sessionId, player: job.playerId };
      const paths = pathsOf(job);
      for (const { path, level, counter } of queue.inspect().flows) {
        const weight = level === 'class' || level === 'root' ? 1 : limits.weightOf(level, keys[level]);
        const units = paths.includes(path) ? (costUnits(cost) * MICRO) / weight : 0;
        demand(
          counter === before.get(path)! + units,
          () => `${path} was charged ${counter - before.get(path)!}`,
        );
      }
    },
    ended() {
      const { happenings, spareMemory } = simulation.scenario;
      const isWhole = spareMemory === null && happenings.every(({ kind }) => kind !== 'crash');
      for (const { fate, request, spentUnits } of simulation.jobs) {
        const least = request.prompt + 2 * request.output;
        if (fate !== 'done') continue;
        demand(isWhole ? spentUnits === least : spentUnits >= least, () => `spent ${spentUnits} of ${least}`);
      }
      same();
    },
  };
}

/** G1: those who wait stand close together, and `spread` says how close. */
export function spread({ simulation, queue }: Game): Probe {
  const limits = limitsOf(simulation);
  const check = (what: string) => {
    let most = 0;
    for (const group of byParent(queue.inspect().flows).values()) {
      const { level } = group[0]!;
      if (level === 'class') continue;
      const counters = group.map((flow) => flow.counter);
      const units = (Math.max(...counters) - Math.min(...counters)) / MICRO;
      const bound = level === 'player' ? limits.playerBound() : limits.bound();
      demand(units <= bound + HAIR, () => `${level}s ${units} apart, more than ${bound}, ${what}`);
      if (level !== 'player') most = Math.max(most, units);
    }
    const told = queue.spread();
    demand(Math.abs(told.units - most) < HAIR, () => `spread() says ${told.units}, not ${most}`);
    demand(told.units <= told.bound + HAIR, () => `spread() ${told.units} exceeds its bound ${told.bound}`);
    const isIdle = simulation.live.length === 0;
    demand(isIdle || told.bound <= limits.bound() + HAIR, () => `bound ${told.bound} is no bound`);
  };
  return {
    added: () => check('after an arrival'),
    removed: () => check('after an end'),
    putBack: () => check('after a crash'),
    scheduled: () => check('after schedule'),
    charged: () => check('after a charge'),
  };
}

interface Pair {
  least: number;
  most: number;
}

/** Watches how far siblings get apart in service over weight for as long as both are among `groups`. */
function compare({ simulation, queue }: Game, groupsOf: (oracle: Oracle) => OracleFlow[][]): Probe {
  const limits = limitsOf(simulation);
  const oracle = new Oracle(simulation);
  const received = new Map<string, number>();
  let pairs = new Map<string, Pair>();
  const check = () => {
    const seen = new Map<string, Pair>();
    for (const group of groupsOf(oracle)) {
      const bound = 2 * (group[0]!.level === 'player' ? limits.playerBound() : limits.bound());
      const paths = group.map((flow) => flow.path).sort();
      paths.forEach((a, index) => {
        for (const b of paths.slice(index + 1)) {
          const ahead = (received.get(a) ?? 0) - (received.get(b) ?? 0);
          const { least, most } = pairs.get(a + b) ?? { least: ahead, most: ahead };
          const pair = { least: Math.min(least, ahead), most: Math.max(most, ahead) };
          seen.set(a + b, pair);
          demand(
            pair.most - pair.least <= bound + HAIR,
            () => `${a}, ${b}: ${pair.most - pair.least} > ${bound}`,
          );
        }
      });
    }
    pairs = seen;
  };
  return {
    ...following(queue, oracle, check),
    charged(job, cost) {
      oracle.charged(job, cost);
      for (const path of pathsOf(job.job)) {
        const weight = oracle.weightOf(oracle.flows.get(path)!);
        received.set(path, (received.get(path) ?? 0) + costUnits(cost) / weight);
      }
      check();
    },
  };
}

/** G2: over any time that two siblings wait, their service over weight differs by 2U at most. */
export function service(game: Game): Probe {
  return compare(game, (oracle) => oracle.siblings((flow) => flow.isWaiting && flow.level !== 'class'));
}

/** With one permit the same is true of tenants and sessions that have work, whether they wait or run. */
export function busyService(game: Game): Probe {
  return compare(game, (oracle) => {
    const busy = new Set(game.simulation.live.flatMap(({ job }) => pathsOf(job).slice(1, 3)));
    return oracle.siblings((flow) => busy.has(flow.path));
  });
}

/** G3: no permit is free while a job may run; permits, the cap of a session and begun jobs are respected. */
export function permits({ simulation, queue }: Game): Probe {
  return {
    scheduled() {
      const { live, scenario } = simulation;
      const running = live.filter((job) => job.isRunning);
      demand(
        running.length <= simulation.permits,
        () => `${running.length} of ${simulation.permits} permits`,
      );
      const key = ({ job }: SimJob) => `${job.workClass}/${job.sessionId}`;
      const counts = new Map<string, number>();
      for (const job of running) counts.set(key(job), (counts.get(key(job)) ?? 0) + 1);
      for (const [name, count] of counts) demand(count <= scenario.perSession, () => `${name} runs ${count}`);
      const isFree = running.length < simulation.permits;
      const eligible = live.find(
        (job) => !job.isRunning && (counts.get(key(job)) ?? 0) < scenario.perSession,
      );
      demand(!isFree || eligible === undefined, () => `a permit is free and job ${eligible!.seq} waits`);
      demand(queue.running().length === running.length, () => 'running() tells something else');
    },
  };
}

/** A permit given in a `schedule` stays; what is granted was waiting, what is paused was running. */
export function steady({ simulation, queue }: Game): Probe {
  let running = new Set<string>();
  const note = () =>
    void (running = new Set(simulation.live.filter((job) => job.isRunning).map((job) => job.job.id)));
  return {
    removed: note,
    putBack: note,
    scheduled({ granted, paused }) {
      demand(new Set(granted).size === granted.length, () => 'granted twice');
      for (const id of granted) demand(!running.has(id), () => `granted ${id}, which ran`);
      const { moves } = queue.inspect();
      for (const id of moves.granted) {
        const isRunning = simulation.find(id).isRunning;
        demand(isRunning, () => `${id} got a permit and lost it at once`);
      }
      for (const id of paused) {
        demand(running.has(id), () => `paused ${id}, which did not run`);
        demand(!queue.running().some((job) => job.id === id), () => `paused ${id}, which runs on`);
      }
      note();
    },
  };
}

/** The tree is the oracle's: same flows, same counters, same clamps; nothing else ever moves a counter. */
export function counters({ simulation, queue }: Game): Probe {
  const oracle = new Oracle(simulation);
  const virtual = new Map<string, number>();
  const check = () => {
    for (const flow of queue.inspect().flows) {
      const due = oracle.flows.get(flow.path)!;
      for (const figure of ['counter', 'virtual', 'last', 'isWaiting'] as const)
        demand(
          flow[figure] === due[figure],
          () => `${flow.path}: ${figure} is ${flow[figure]}, not ${due[figure]}`,
        );
      demand(flow.virtual >= (virtual.get(flow.path) ?? 0), () => `${flow.path}: virtual time fell`);
      virtual.set(flow.path, flow.virtual);
    }
  };
  return following(queue, oracle, check);
}
