/** The words of the boards and their charts. */
export const BOARD = {
  range: 'Time shown',
  ranges: { 15: '15 min', 60: '1 h', 360: '6 h', 2880: '48 h' } as Record<number, string>,
  asTable: 'Show as table',
  asChart: 'Show as chart',
  about: (action: string, title: string) => `${action}: ${title}`,
  valuesOf: (title: string) => `Values of ${title}`,
  time: 'Time',
  value: 'Value',
  noData: 'Nothing was measured in this time.',
  noValue: 'not measured',
  limits: {
    line: (value: string) => `Dotted line: ${value}.`,
    stat: (value: string) => `Limit: ${value}.`,
  },
  chart: (title: string) => `Chart: ${title}.`,
  line: (label: string, newest: string, range: string) =>
    `${label === '' ? 'Newest' : `${label}: newest`} ${newest}, range ${range}.`,
  empty: 'This board has no panels.',
} as const;
