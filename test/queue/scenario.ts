import fc from 'fast-check';
import { WORK_CLASSES } from '../../sessions/ports.ts';
import type { WorkClass } from '../../sessions/ports.ts';

/** One request as a trace has it. */
export interface Request {
  /** Steps after the request before it. */
  gap: number;
  session: number;
  player: number;
  workClass: WorkClass;
  prompt: number;
  output: number;
}

/** What happens besides requests; `target` picks a job, a flow or a figure, modulo what there is. */
export interface Happening {
  step: number;
  /** While the engine works on a step, else before the step is planned. */
  isMidStep: boolean;
  kind: 'cancel' | 'expire' | 'crash' | 'weight' | 'permits';
  target: number;
}

/** A whole trace: how the queue is set up and what it goes through. */
export interface Scenario {
  permits: number;
  chunk: number;
  preemptUnits: number;
  hasCredit: boolean;
  perSession: number;
  /** Jobs that fit into memory beyond the permits; null: all. */
  spareMemory: number | null;
  stepMs: number;
  /** Tenant of each session. */
  tenants: number[];
  tenantWeights: number[];
  sessionWeights: number[];
  playerWeights: number[];
  requests: Request[];
  happenings: Happening[];
}

const skewed = (small: number, middle: number, large: number) =>
  fc.oneof(
    { arbitrary: fc.integer({ min: 1, max: small }), weight: 16 },
    { arbitrary: fc.integer({ min: 1, max: middle }), weight: 5 },
    { arbitrary: fc.integer({ min: 1, max: large }), weight: 1 },
  );

const workClass = fc.oneof(
  { arbitrary: fc.constant<WorkClass>('narrator'), weight: 6 },
  { arbitrary: fc.constantFrom(...WORK_CLASSES), weight: 2 },
);

/** All at once, Poisson-like with short or long breaks, or in bursts. */
const gap = fc.oneof(
  { arbitrary: fc.constant(fc.constant(0)), weight: 2 },
  { arbitrary: fc.constant(skewed(3, 20, 60)), weight: 2 },
  { arbitrary: fc.constant(skewed(20, 60, 300)), weight: 1 },
  {
    arbitrary: fc.constant(
      fc.oneof({ arbitrary: fc.constant(0), weight: 6 }, { arbitrary: skewed(40, 90, 200), weight: 1 }),
    ),
    weight: 2,
  },
);

const requests = fc
  .tuple(gap, fc.boolean(), fc.constantFrom(12, 20, 30, 30, 50, 100))
  .chain(([gapOf, isNarratorOnly, maxLength]) =>
    fc.array(
      fc.record({
        gap: gapOf,
        session: fc.nat(7),
        player: fc.nat(2),
        workClass: isNarratorOnly ? fc.constant<WorkClass>('narrator') : workClass,
        prompt: skewed(60, 400, 2_000),
        output: skewed(12, 60, 300),
      }),
      { minLength: 5, maxLength, size: 'max' },
    ),
  );

const kinds = ['cancel', 'cancel', 'expire', 'crash', 'weight', 'permits'] as const;

/** Things that befall a trace, of the given kinds. */
function happeningsOf(allowed: readonly Happening['kind'][]): fc.Arbitrary<Happening[]> {
  if (allowed.length === 0) return fc.constant([]);
  const happening = fc.record({
    step: fc.oneof(fc.nat(40), fc.nat(400)),
    isMidStep: fc.boolean(),
    kind: fc.constantFrom(...allowed),
    target: fc.nat(999),
  });
  return fc.oneof(
    { arbitrary: fc.constant<Happening[]>([]), weight: 1 },
    { arbitrary: fc.array(happening, { maxLength: 16, size: 'max' }), weight: 2 },
  );
}

const weights = (values: readonly number[], length: number) =>
  fc.oneof(
    { arbitrary: fc.constant(Array.from({ length }, () => 1)), weight: 1 },
    {
      arbitrary: fc.array(fc.constantFrom(...values), { minLength: length, maxLength: length }),
      weight: 1,
    },
  );

/** Traces of every kind the queue is made for. */
export function scenarios(allowed: readonly Happening['kind'][] = kinds): fc.Arbitrary<Scenario> {
  return fc.record({
    permits: fc.integer({ min: 1, max: 5 }),
    chunk: fc.integer({ min: 64, max: 512 }),
    preemptUnits: fc.integer({ min: 16, max: 256 }),
    hasCredit: fc.boolean(),
    perSession: fc.constantFrom(1, 1, 2, Infinity),
    spareMemory: fc.oneof({ arbitrary: fc.constant(null), weight: 3 }, { arbitrary: fc.nat(3), weight: 1 }),
    stepMs: fc.constantFrom(20, 200, 2_000),
    tenants: fc.array(fc.nat(3), { minLength: 2, maxLength: 8, size: 'max' }),
    tenantWeights: weights([1, 2, 4], 4),
    sessionWeights: weights([1, 2, 4], 8),
    playerWeights: weights([0.5, 1, 2], 3),
    requests,
    happenings: happeningsOf(allowed),
  });
}
