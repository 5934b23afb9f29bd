const TREE = 'narrator/fair-tree.ts';
const FLOWS = 'narrator/fair-flows.ts';
const CHOICE = 'narrator/fair-choice.ts';
const QUEUE = 'narrator/fair-queue.ts';
const FLOOR = 'narrator/class-floor.ts';

/** Faults that the properties of the fair queue have to see. Each `find` is in its file exactly once. */
export const MUTANTS = [
  {
    name: 'no ceiling in enter',
    file: FLOWS,
    find: 'flow.counter = Math.min(lifted, parent.virtual + range.debt);',
    replace: 'flow.counter = lifted;',
  },
  {
    name: 'no lift in enter',
    file: FLOWS,
    find: 'Math.max(flow.counter, parent.virtual - range.credit)',
    replace: 'flow.counter',
  },
  {
    name: 'at most `permits` pauses in a schedule',
    file: QUEUE,
    find: 'if (yielding === null || changes.granted.includes(yielding.job.id)) return;',
    replace: 'if (yielding === null || changes.paused.length >= this.#tree.permits) return;',
  },
  {
    name: 'at most `permits` pauses, furthest ahead first',
    file: QUEUE,
    find: 'const ahead = choice.furthestAhead(running, this.#tree.headUnits() * MICRO);',
    replace: `const over = (f) => f.counter - flows.leastCounter(flows.waitingChildren(f.parent, f));
      const all = running.flatMap((e) => [flows.ancestor(e.player, 'tenant'), flows.ancestor(e.player, 'session')]);
      const worst = all.sort((a, b) => over(b) - over(a))[0];
      const isFew = changes.paused.length < this.#tree.permits;
      const ahead = worst && isFew && over(worst) > this.#tree.headUnits() * MICRO ? worst : null;`,
  },
  {
    name: 'furthest ahead first, not nearest the root',
    file: QUEUE,
    find: 'const ahead = choice.furthestAhead(running, this.#tree.headUnits() * MICRO);',
    replace: `const over = (f) => f.counter - flows.leastCounter(flows.waitingChildren(f.parent, f));
      const all = running.flatMap((e) => [flows.ancestor(e.player, 'tenant'), flows.ancestor(e.player, 'session')]);
      const worst = all.sort((a, b) => over(b) - over(a))[0];
      const ahead = worst && over(worst) > this.#tree.headUnits() * MICRO ? worst : null;`,
  },
  {
    name: 'a paused job does not go on first',
    file: TREE,
    find: 'return entry.hasBegun && isLinear ?',
    replace: 'return isLinear && !isLinear ?',
  },
  {
    name: 'a paused job waits behind',
    file: FLOWS,
    find: 'const at = line.findIndex((other) => other.seq > entry.seq);',
    replace: 'const at = entry.hasBegun ? -1 : line.findIndex((other) => other.seq > entry.seq);',
  },
  {
    name: 'a pause without the limits on entry',
    file: TREE,
    find: 'this.#refresh(entry.player, true);',
    replace: `for (const flow of flows.pathOf(entry.player)) if (this.#canRun(flow)) flow.isWaiting = true;
    this.#refresh(entry.player, true);`,
  },
  {
    name: 'the expected cost is charged at the grant',
    file: TREE,
    find: 'entry.hasBegun = true;',
    replace: `if (!entry.hasBegun && entry.job.promptTokens) {
      const units = COST.input * entry.job.promptTokens * MICRO;
      for (const flow of flows.pathOf(entry.player)) flow.counter += units / this.#weightOf(flow);
    }
    entry.hasBegun = true;`,
  },
  {
    name: 'the ceiling knows no step',
    file: TREE,
    find: 'debt: flow.running > 0 ? head : head + step,',
    replace: 'debt: head,',
  },
  {
    name: 'who still runs enters with the whole debt',
    file: TREE,
    find: 'debt: flow.running > 0 ? head : head + step,',
    replace: 'debt: head + step,',
  },
  {
    name: 'a turn that ends counts as idle time',
    file: TREE,
    find: 'credit: wasRunning ? Math.max(credit, head + step) : credit,',
    replace: 'credit,',
  },
  {
    name: 'credit without end for who ran',
    file: TREE,
    find: 'credit: wasRunning ? Math.max(credit, head + step) : credit,',
    replace: 'credit: wasRunning ? Infinity : credit,',
  },
  {
    name: 'players have credit K',
    file: TREE,
    find: 'return { credit: 0, debt:',
    replace: 'return { credit: this.#creditUnits * MICRO, debt:',
  },
  {
    name: 'players have no debt limit',
    file: TREE,
    find: 'debt: (this.#jobUnits * MICRO) / weight }',
    replace: 'debt: Infinity }',
  },
  {
    name: 'siblings are compared with themselves too',
    file: FLOWS,
    find: 'const siblings = waitingChildren(parent, flow);',
    replace: 'const siblings = [...waitingChildren(parent), flow];',
  },
  {
    name: 'all siblings are compared, not those that wait',
    file: FLOWS,
    find: 'const siblings = waitingChildren(parent, flow);',
    replace: 'const siblings = [...parent.children.values()].filter((child) => child !== flow);',
  },
  {
    name: 'virtual time may fall',
    file: FLOWS,
    find: 'parent.virtual = Math.max(parent.virtual, base);',
    replace: 'parent.virtual = base;',
  },
  {
    name: 'who leaves last is not remembered',
    file: FLOWS,
    find: 'parent.last = flow.counter;',
    replace: '',
  },
  {
    name: 'everybody who leaves is remembered',
    file: FLOWS,
    find: 'if (parent === null || waitingChildren(parent).length > 0) return;',
    replace: 'if (parent === null) return;',
  },
  {
    name: 'ties by name of the flow',
    file: FLOWS,
    find: 'return headSeq(a) < headSeq(b);',
    replace: 'return a.key < b.key;',
  },
  {
    name: 'ties to more permits',
    file: FLOWS,
    find: 'if (a.running !== b.running) return a.running < b.running;',
    replace: 'if (a.running !== b.running) return a.running > b.running;',
  },
  {
    name: 'the flow with most service is next',
    file: FLOWS,
    find: 'if (a.counter !== b.counter) return a.counter < b.counter;',
    replace: 'if (a.counter !== b.counter) return a.counter > b.counter;',
  },
  {
    name: 'weights of sessions count for nothing',
    file: TREE,
    find: "if (flow.level === 'root' || flow.level === 'class') return 1;",
    replace: "if (flow.level === 'root' || flow.level === 'class' || flow.level === 'session') return 1;",
  },
  {
    name: 'charges skip the tenant',
    file: TREE,
    find: 'for (const flow of flows.pathOf(entry.player)) flow.counter += (units * MICRO) / this.#weightOf(flow);',
    replace:
      "for (const flow of flows.pathOf(entry.player)) if (flow.level !== 'tenant') flow.counter += (units * MICRO) / this.#weightOf(flow);",
  },
  {
    name: 'all tenants are one',
    file: TREE,
    find: "flows.childOf(ofClass, 'tenant', job.tenantId)",
    replace: "flows.childOf(ofClass, 'tenant', '')",
  },
  {
    name: 'tenants never yield',
    file: CHOICE,
    find: "const PREEMPTED = ['tenant', 'session'] as const;",
    replace: "const PREEMPTED = ['session'] as const;",
  },
  {
    name: 'sessions never yield',
    file: CHOICE,
    find: "const PREEMPTED = ['tenant', 'session'] as const;",
    replace: "const PREEMPTED = ['tenant'] as const;",
  },
  {
    name: 'players yield too',
    file: CHOICE,
    find: "const PREEMPTED = ['tenant', 'session'] as const;",
    replace: "const PREEMPTED = ['tenant', 'session', 'player'] as const;",
  },
  {
    name: 'who is H ahead yields before it is further',
    file: CHOICE,
    find: 'const isAhead = flow.counter >',
    replace: 'const isAhead = flow.counter >=',
  },
  {
    name: 'no pauses at all',
    file: QUEUE,
    find: 'if (mayPause) this.#yieldFlows(moves);',
    replace: '',
  },
  {
    name: 'who yields is the one with most right',
    file: CHOICE,
    find: 'below.sort(compareRight).at(-1)',
    replace: 'below.sort(compareRight).at(0)',
  },
  {
    name: 'classes do not yield',
    file: QUEUE,
    find: 'if (mayPause) this.#yieldClasses(owed, moves);',
    replace: '',
  },
  {
    name: 'no floor',
    file: FLOOR,
    find: 'const SHARE = 0.05;',
    replace: 'const SHARE = 0;',
  },
  {
    name: 'a floor of half the engine',
    file: FLOOR,
    find: 'const SHARE = 0.05;',
    replace: 'const SHARE = 0.5;',
  },
  {
    name: 'the floor is kept from the first time a class came',
    file: FLOOR,
    find: 'if (!wants) service.wantsSince[of] = null;',
    replace: 'if (!wants) return;',
  },
  {
    name: 'the floor forgets after half the time',
    file: FLOOR,
    find: 'while ((service.slots[0]?.at ?? at) <= at - WINDOW_MS / SLOT_MS)',
    replace: 'while ((service.slots[0]?.at ?? at) <= at - WINDOW_MS / SLOT_MS / 2)',
  },
  {
    name: 'any number of permits below the floor',
    file: QUEUE,
    find: 'const giver = lower.reverse().find((flow) => flow.running > (flow === owed ? 1 : 0));',
    replace: 'const giver = lower.reverse().find((flow) => flow !== owed && flow.running > 0);',
  },
  {
    name: 'one job more than the cap of a session',
    file: TREE,
    find: 'flow.running >= (this.#options.perSession ?? 1)',
    replace: 'flow.running > (this.#options.perSession ?? 1)',
  },
  {
    name: 'one permit more',
    file: QUEUE,
    find: 'while (this.#tree.root.running < this.#tree.permits) {',
    replace: 'while (this.#tree.root.running <= this.#tree.permits) {',
  },
  {
    name: 'permits that are gone are kept',
    file: QUEUE,
    find: 'if (mayPause) this.#shrink(owed, moves);',
    replace: '',
  },
  {
    name: 'the floor takes memory that is short',
    file: QUEUE,
    find: ' && !this.#tree.isTight()',
    replace: '',
  },
  {
    name: 'a removed job keeps its permit',
    file: TREE,
    find: 'if (wasRunning) this.#count(entry, -1);',
    replace: 'if (wasRunning) entry.isRunning = false;',
  },
  {
    name: 'a known id comes in again',
    file: TREE,
    find: 'if (entries.has(job.id)) return;',
    replace: '',
  },
  {
    name: 'a copy shares the state',
    file: TREE,
    find: 'structuredClone(this.#state)',
    replace: 'this.#state',
  },
  {
    name: 'swaps that cancel out are told',
    file: QUEUE,
    find: 'const paused = moves.paused.filter((id) => !moves.granted.includes(id));',
    replace: 'const { paused } = moves;',
  },
];
