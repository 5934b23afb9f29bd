import { demand } from './checks.ts';
import { limitsOf } from './limits.ts';
import { Oracle, pathsOf } from './oracle.ts';
import type { OracleFlow, OracleJob } from './oracle.ts';
import type { Game } from './play.ts';
import type { Probe } from './simulation.ts';

/** Tells from the oracle's tree who is next and who has to yield. */
class Judge {
  private readonly game: Game;
  private readonly oracle: Oracle;

  constructor(game: Game, oracle: Oracle) {
    this.game = game;
    this.oracle = oracle;
  }

  /** The flow of a job at a level. */
  flowOf(id: string, level: number): OracleFlow {
    return this.oracle.flows.get(pathsOf(this.game.simulation.find(id).job)[level]!)!;
  }

  /** A flow is ahead of a waiting sibling by more than H. */
  mustYield(flow: OracleFlow): boolean {
    const least = Math.min(...this.oracle.rivals(flow).map((rival) => rival.counter));
    return flow.counter > least + limitsOf(this.game.simulation).head(this.oracle.begun);
  }

  /** Nobody below the same parent of its flow at `from` comes before this job. */
  isNext(id: string, from: number): boolean {
    const isBest = (level: number) => {
      if (level < from) return true;
      const flow = this.flowOf(id, level);
      return this.oracle.rivals(flow).every((rival) => this.compare(flow, rival) < 0);
    };
    const { seq } = this.game.simulation.find(id);
    const begun = this.begunBelow(this.flowOf(id, 2));
    if (begun < Infinity) return isBest(1) && isBest(2) && seq === begun;
    return isBest(1) && isBest(2) && isBest(3) && seq === this.headSeq(this.flowOf(id, 3));
  }

  /** Of all that run below the flow none has been served more, session by session, or came later. */
  isFirstToYield(id: string, flow: OracleFlow): boolean {
    const figures = (other: string) => {
      const counter = (level: number) => this.flowOf(other, level).counter;
      return [counter(1), counter(2), this.game.simulation.find(other).seq];
    };
    const own = figures(id);
    return this.below(flow).every(({ job, state }) => {
      if (state !== 'running') return true;
      const differs = figures(job.id).map((figure, index) => figure - own[index]!);
      return (differs.find((differ) => differ !== 0) ?? 0) <= 0;
    });
  }

  private compare(a: OracleFlow, b: OracleFlow): number {
    const running = (flow: OracleFlow) => this.below(flow).filter((job) => job.state === 'running').length;
    return a.counter - b.counter || running(a) - running(b) || this.headSeq(a) - this.headSeq(b);
  }

  private headSeq(flow: OracleFlow): number {
    if (flow.level === 'tenant') {
      const sessions = [...this.oracle.flows.values()].filter(
        (one) => one.parent === flow.path && one.isWaiting,
      );
      return Math.min(...sessions.map((session) => this.headSeq(session)));
    }
    const begun = flow.level === 'session' ? this.begunBelow(flow) : Infinity;
    return begun < Infinity ? begun : this.first(flow, (job) => job.state !== 'running');
  }

  /** The oldest begun job that waits before all others of its session; Infinity: none does. */
  private begunBelow(session: OracleFlow): number {
    const isLinear = this.game.simulation.scenario.perSession === 1;
    return isLinear ? this.first(session, (job) => job.state === 'paused') : Infinity;
  }

  private first(flow: OracleFlow, isMeant: (job: OracleJob) => boolean): number {
    const meant = this.below(flow).filter(isMeant);
    return Math.min(...meant.map(({ job }) => this.game.simulation.find(job.id).seq));
  }

  private below(flow: OracleFlow): OracleJob[] {
    return [...this.oracle.jobs.values()].filter(({ paths }) => paths.includes(flow.path));
  }
}

/** Who was served least is next; who is more than H ahead yields, and nobody else does within a class. */
export function choices(game: Game): Probe {
  const { simulation, queue } = game;
  const oracle = new Oracle(simulation);
  const judge = new Judge(game, oracle);
  /** Where the permit was taken: a session yields to others of its tenant. */
  let from = 1;
  const watch = {
    grant(id: string) {
      demand(judge.isNext(id, from), () => `${id} was not next`);
      from = 1;
    },
    swap(loser: string, winner: string) {
      const isClass = judge.flowOf(loser, 0) !== judge.flowOf(winner, 0);
      if (isClass)
        demand(judge.isFirstToYield(loser, judge.flowOf(loser, 0)), () => `${loser} is not first to yield`);
      if (isClass) return;
      from = [1, 2].find((level) => judge.mustYield(judge.flowOf(loser, level))) ?? 0;
      demand(from > 0, () => `${loser} yielded to ${winner} without need`);
      demand(judge.isFirstToYield(loser, judge.flowOf(loser, from)), () => `${loser} is not first to yield`);
    },
  };
  return {
    added: (job) => oracle.added(job),
    removed: (job) => oracle.removed(job),
    putBack: (job) => oracle.putBack(job),
    charged: (job, cost) => oracle.charged(job, cost),
    scheduled() {
      oracle.scheduled(queue.inspect().moves, watch);
      for (const { job, isRunning } of simulation.live) {
        for (const level of [1, 2]) {
          const flow = judge.flowOf(job.id, level);
          demand(!isRunning || !judge.mustYield(flow), () => `${flow.path} is too far ahead to run`);
        }
      }
    },
  };
}
