/**
 * The older text format of Prometheus as OpenMetrics 1.0. The library's own way there renames its counters for good,
 * which whoever reads them otherwise would notice.
 */
export function openMetricsOf(text: string): string {
  const lines = text.split('\n').filter((line) => line !== '');
  const counters = new Set(
    lines
      .flatMap((line) => /^# TYPE (\S+)_total counter$/.exec(line)?.[1] ?? [])
      .map((name) => `${name}_total`),
  );
  const renamed = lines.map((line) => {
    const [, head, name = '', rest] = /^(# (?:HELP|TYPE)) (\S+)(.*)$/.exec(line) ?? [];
    if (head === undefined || !counters.has(name)) return line;
    return `${head} ${name.replace(/_total$/, '')}${rest ?? ''}`;
  });
  return `${renamed.join('\n')}\n# EOF\n`;
}
