import { count } from '../string-parts.ts';
import { spanText } from './figures.ts';

/** The words of the objectives. */
export const OBJECTIVES = {
  slo: 'Service objectives (SLO)',
  sla: 'Promised service levels (SLA)',
  sloHelp: 'What wakes somebody up: the error budget over the window, and how fast it is being used.',
  slaHelp: 'What was promised, measured from the same counters.',
  objective: 'Objective',
  status: 'Status',
  value: 'Value',
  target: 'Target',
  budget: 'Budget left',
  burn: 'Burn rate',
  window: (days: number) => `over ${days < 1 ? spanText(days * 86_400) : count(days, 'day', 'days')}`,
  good: 'Counts as good',
  total: 'Out of',
  how: 'How it is measured',
  promql: 'PromQL',
  promqlOf: (title: string) => `PromQL of ${title}`,
  counted: (good: string, total: string) => `${good} good of ${total}`,
  events: (n: number) => count(n, 'event', 'events'),
  tooFew: 'too few to tell',
  noBudget: 'no budget',
  over: (percent: string) => `overdrawn by ${percent}`,
  burnOf: (window: string, rate: string) => `${window}: ${rate}`,
  burnHelp: 'A burn rate of 1 uses the budget up exactly in the window.',
  empty: 'No objectives are defined.',
  summary: (bad: number, all: number) =>
    bad === 0 ? `All ${all} are on target or have too few events.` : `${bad} of ${all} are not on target.`,
} as const;
