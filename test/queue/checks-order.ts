import { costUnits } from '../../narrator/scheduler.ts';
import { WORK_CLASSES } from '../../sessions/ports.ts';
import { demand, following } from './checks.ts';
import { limitsOf } from './limits.ts';
import { Oracle, parentOf, pathsOf } from './oracle.ts';
import type { Game } from './play.ts';
import type { Probe, SimJob } from './simulation.ts';

const SLOT_MS = 5_000;
const SLOTS = 12;
const SHARE = 0.05;

/** Every job ends exactly once, and the queue is empty then. */
export function liveness({ simulation, queue }: Game): Probe {
  const ends = new Map<SimJob, number>();
  return {
    removed: (job) => void ends.set(job, (ends.get(job) ?? 0) + 1),
    ended() {
      for (const job of simulation.jobs)
        demand(ends.get(job) === 1, () => `job ${job.seq} ended ${ends.get(job)} times`);
      demand(queue.waiting().length + queue.running().length === 0, () => 'something is left in the queue');
      const left = queue.inspect().flows.find((flow) => flow.isWaiting || flow.running > 0);
      demand(left === undefined, () => `${left?.path} is not at rest`);
    },
  };
}

interface Wait {
  /** Cost units that siblings had meanwhile, without what those got that have not waited themselves since. */
  units: number;
  /** Siblings that have run on since before. */
  exempt: Set<string>;
  siblings: Set<string>;
}

/** G4: who waits without a permit gets one before n siblings had 2(n-1)U, by the largest weight. */
export function delay({ simulation, queue }: Game): Probe {
  const limits = limitsOf(simulation);
  const oracle = new Oracle(simulation);
  const waits = new Map<string, Wait>();
  const heaviest = { class: 1, tenant: 4, session: 4, player: 2 };
  const check = () => {
    const running = new Set(
      simulation.live.filter((job) => job.isRunning).flatMap(({ job }) => pathsOf(job)),
    );
    for (const flow of oracle.flows.values()) {
      if (flow.level === 'class') continue;
      if (!flow.isWaiting || running.has(flow.path)) {
        waits.delete(flow.path);
        if (flow.isWaiting) for (const wait of waits.values()) wait.exempt.delete(flow.path);
        continue;
      }
      for (const wait of waits.values()) wait.exempt.delete(flow.path);
      if (waits.has(flow.path)) continue;
      const busy = [...oracle.flows.values()].filter((other) => running.has(other.path) && !other.isWaiting);
      const exempt = new Set(busy.filter((other) => other.level !== 'player').map((other) => other.path));
      waits.set(flow.path, { units: 0, exempt, siblings: new Set() });
    }
  };
  return {
    ...following(queue, oracle, check),
    charged(job, cost) {
      oracle.charged(job, cost);
      const paths = pathsOf(job.job);
      for (const [path, wait] of waits) {
        const sibling = paths.find((other) => other !== path && parentOf(other) === parentOf(path));
        if (sibling === undefined || wait.exempt.has(sibling)) continue;
        wait.siblings.add(sibling);
        wait.units += costUnits(cost);
        const { level } = oracle.flows.get(path)!;
        const bound = (level === 'player' ? limits.playerBound() : limits.bound()) * heaviest[level];
        const most = 2 * wait.siblings.size * bound;
        demand(wait.units <= most, () => `${path} waited while its siblings had ${wait.units} > ${most}`);
      }
    },
  };
}

/** A player's jobs begin in order; what has begun goes on before its player begins another, or its linear session. */
export function order({ simulation, queue }: Game): Probe {
  const begun = new Set<SimJob>();
  const paused = new Set<SimJob>();
  const isLinear = simulation.scenario.perSession === 1;
  return {
    removed: (job) => void paused.delete(job),
    putBack: (job) => void paused.add(job),
    scheduled() {
      const { granted, paused: lost } = queue.inspect().moves;
      for (const id of lost) paused.add(simulation.find(id));
      for (const id of granted) {
        const job = simulation.find(id);
        const isSession = ({ job: other }: SimJob) =>
          parentOf(pathsOf(other)[3]!) === parentOf(pathsOf(job.job)[3]!) &&
          (isLinear || other.playerId === job.job.playerId);
        if (!begun.has(job)) {
          // Moves are not told apart in time: a job paused in this very schedule may have been begun before it.
          const first = [...paused].find((other) => isSession(other) && !lost.includes(other.job.id));
          demand(first === undefined, () => `job ${job.seq} began before ${first!.seq} went on`);
          const older = simulation.live.find(
            (other) =>
              other.job.playerId === job.job.playerId &&
              isSession(other) &&
              other.seq < job.seq &&
              !begun.has(other),
          );
          demand(older === undefined, () => `job ${job.seq} began before ${older!.seq}`);
        } else {
          const first = [...paused].find(
            (other) => isSession(other) && other.seq < job.seq && !lost.includes(other.job.id),
          );
          demand(first === undefined, () => `job ${job.seq} went on before ${first!.seq}`);
        }
        begun.add(job);
        paused.delete(job);
      }
    },
  };
}

/** Who is below the floor, from all that was ever charged. */
class Floors {
  private readonly served: { slot: number; workClass: string; units: number }[] = [];
  private readonly since = new Map<string, number>();
  private readonly game: Game;

  constructor(game: Game) {
    this.game = game;
  }

  get slot(): number {
    return Math.floor(this.game.simulation.nowMs / SLOT_MS);
  }

  note(): void {
    for (const workClass of WORK_CLASSES) {
      const wants = this.game.simulation.live.some((job) => job.job.workClass === workClass);
      if (!wants) this.since.delete(workClass);
      else if (!this.since.has(workClass)) this.since.set(workClass, this.slot);
    }
  }

  charge(workClass: string, units: number): void {
    this.served.push({ slot: this.slot, workClass, units });
  }

  below(): string[] {
    return WORK_CLASSES.slice(1).filter((workClass) => {
      const since = this.since.get(workClass);
      if (since === undefined) return false;
      const from = Math.max(since, this.slot - SLOTS + 1);
      const served = this.served.filter((one) => one.slot >= from);
      const sum = (of: typeof served) => of.reduce((total, one) => total + one.units, 0);
      return sum(served.filter((one) => one.workClass === workClass)) < SHARE * sum(served);
    });
  }
}

/** A lower class runs beside a waiting higher one only by its floor, with one permit; below its floor it has one. */
export function classes(game: Game): Probe {
  const { simulation } = game;
  const floors = new Floors(game);
  const counts = (isRunning: boolean) => (workClass: string) =>
    simulation.live.filter((job) => job.isRunning === isRunning && job.job.workClass === workClass).length;
  const mayRun = (workClass: string) => {
    const cap = simulation.scenario.perSession;
    const of = simulation.live.filter((job) => job.job.workClass === workClass);
    const runs = (id: string) => of.filter((job) => job.isRunning && job.job.sessionId === id).length;
    return of.some((job) => !job.isRunning && runs(job.job.sessionId) < cap);
  };
  return {
    added: () => floors.note(),
    removed: () => floors.note(),
    charged: ({ job }, cost) => floors.charge(job.workClass, costUnits(cost)),
    scheduled() {
      const below = floors.below();
      const first = WORK_CLASSES.findIndex(mayRun);
      if (first < 0) return;
      const behind = WORK_CLASSES.slice(first + 1).filter((workClass) => counts(true)(workClass) > 0);
      const running = behind.reduce((sum, workClass) => sum + counts(true)(workClass), 0);
      demand(running <= 1, () => `${running} jobs run behind waiting ${WORK_CLASSES[first]} jobs`);
      for (const workClass of behind)
        demand(below.includes(workClass), () => `${workClass} runs above its floor`);
      const isTight = simulation.live.filter((job) => job.hasBegun).length >= simulation.resident;
      const isServed =
        isTight || below.length === 0 || below.some((one) => counts(true)(one) > 0 || !mayRun(one));
      demand(isServed, () => `${below.join(' and ')} wait below their floor`);
    },
  };
}
