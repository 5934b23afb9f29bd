import { describe, expect, it } from 'vitest';
import {
  durationOf,
  gauge,
  groupOf,
  increase,
  mean,
  minus,
  over,
  plus,
  promqlOf,
  quantile,
  rate,
  selectionsOf,
  times,
  upTo,
} from './expressions.ts';

describe('expressions', () => {
  it.each([
    [rate('a_total'), 'sum(rate(a_total[5m]))'],
    [rate('a_total', { by: 'kind' }), 'sum by (kind) (rate(a_total[5m]))'],
    [
      increase('a_total', { match: { s: 'x', t: { none: ['y'] }, u: { none: ['y', 'z'] } } }),
      'sum(increase(a_total{s="x",t!="y",u!~"y|z"}[5m]))',
    ],
    [
      increase('a_total', { match: { s: { any: ['a.b', 'c+'] } } }),
      'sum(increase(a_total{s=~"a[.]b|c[+]"}[5m]))',
    ],
    [gauge('g', { fold: 'max', by: 'k' }), 'max by (k) (g)'],
    [
      quantile(0.95, 'h_seconds', { e: 'n' }),
      'histogram_quantile(0.95, sum by (le) (rate(h_seconds_bucket{e="n"}[5m])))',
    ],
    [upTo(0.3, 'h_seconds'), 'sum(increase(h_seconds_bucket{le="0.3"}[5m]))'],
    [mean('h'), 'sum(increase(h_sum[5m])) / sum(increase(h_count[5m]))'],
    [
      over(minus(rate('a'), rate('b')), plus(rate('c'), 10)),
      '(sum(rate(a[5m])) - sum(rate(b[5m]))) / (sum(rate(c[5m])) + 10)',
    ],
    [times(over(rate('a'), rate('b')), 60), '(sum(rate(a[5m])) / sum(rate(b[5m]))) * 60'],
  ])('Y3: are written as PromQL (%#)', (expression, promql) => {
    expect(promqlOf(expression, '5m')).toBe(promql);
  });

  it('Y3: find a whole bound as versions 2 and 3 of Prometheus write it', () => {
    expect(promqlOf(upTo(1, 'h'), '30d')).toBe('sum(increase(h_bucket{le=~"1|1[.]0"}[30d]))');
  });

  it('Y3: quote what stands in a label', () => {
    expect(promqlOf(rate('a', { match: { s: 'a"b\\c' } }), '1m')).toBe('sum(rate(a{s="a\\"b\\\\c"}[1m]))');
  });

  it('Y3: tell their selections and their group', () => {
    const expression = times(over(rate('a', { by: 'k' }), rate('b', { by: 'k' })), 2);
    expect(selectionsOf(expression).map(({ metric }) => metric)).toEqual(['a', 'b']);
    expect(groupOf(expression)).toBe('k');
    expect(groupOf(quantile(0.5, 'h'))).toBeNull();
  });

  it('Y3: write times in the largest unit that divides them', () => {
    expect([15_000, 300_000, 3_600_000, 30 * 86_400_000].map(durationOf)).toEqual(['15s', '5m', '1h', '30d']);
  });
});
