import type { JSX } from 'react';

const PATHS = {
  menu: 'M4 7h16M4 12h16M4 17h16',
  more: 'M6 12h.01M12 12h.01M18 12h.01',
  people:
    'M9 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM3.5 19c.6-3 2.800-4.500 5.500-4.500s4.900 1.500 5.500 4.500M16 5.500a2.800 2.800 0 0 1 0 5.400M17.200 14.800c1.700.6 2.900 2 3.300 4.200',
  left: 'M14.500 6l-6 6 6 6',
  right: 'M9.500 6l6 6-6 6',
  up: 'M6 14.500l6-6 6 6',
  down: 'M6 9.500l6 6 6-6',
  close: 'M6.500 6.500l11 11M17.500 6.500l-11 11',
  pen: 'M4.500 19.500l1-4L16 5l3 3L8.500 18.500zM14 7l3 3',
  quill: 'M20 4c-7 .5-12 4-13.500 11L5 20M6.500 15c5 .5 9.500-1.500 11-6M9 11.500h4.500',
  stop: 'M7 7h10v10H7z',
  check: 'M5 12.500l4.500 4.500L19 7.500',
  plus: 'M12 5.500v13M5.500 12h13',
  card: 'M7 4h10a1.500 1.500 0 0 1 1.500 1.500v13a1.500 1.500 0 0 1-1.500 1.500h-10a1.500 1.500 0 0 1-1.500-1.500v-13a1.500 1.500 0 0 1 1.500-1.500zM9.200 9l5.600 6M14.800 9l-5.600 6',
  pause: 'M9 6.500v11M15 6.500v11',
  play: 'M8.500 6l9 6-9 6z',
  shield:
    'M12 4l7 2.500v5c0 4.200-2.900 7.200-7 8.500-4.100-1.300-7-4.300-7-8.500v-5zM9 12l2.200 2.200 4-4.200',
  minus: 'M5.500 12h13',
  clock: 'M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16zM12 7.500v5l3 2',
  branch: 'M7 4.500v15M7 15c0-4 10-3 10-8M17 7V4.500M14.500 7L17 4.500 19.500 7',
  flag: 'M6 20V4.500M6 5.500h11l-2.500 3.750L17 13H6',
  back: 'M9 5.500L5 9.500l4 4M5 9.500h8.500a5 5 0 0 1 0 10H9',
  well: 'M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16zM8.500 12.200l2.500 2.500 4.500-5',
  look: 'M12 4.500l8.500 14.500h-17zM12 10v4M12 16.500h.01',
  trouble: 'M8.500 4h7l4.500 4.500v7L15.500 20h-7L4 15.500v-7zM12 8v5M12 16h.01',
  good: 'M7.500 11v8.500H4.500V11zM7.500 11l4-6.500c1.600.1 2.300 1.100 2 2.500L12.700 10H18a1.700 1.700 0 0 1 1.600 2.200l-1.700 6a1.800 1.800 0 0 1-1.700 1.300H7.500',
  torn: 'M5 4.500h6.500l-2 5.500 3.500 2-3 7.500H5zM14.500 4.500H19v15h-5.500l2.800-8.500-3.300-2z',
  bell: 'M6.500 16.500c1-1.200 1.300-2.500 1.300-5a4.200 4.200 0 0 1 8.400 0c0 2.500.3 3.800 1.300 5zM10.500 19.500h3',
  bookmark: 'M7.500 4.500h9v15l-4.500-3.500-4.500 3.500z',
} as const;

/** Name of an icon. */
export type IconName = keyof typeof PATHS;

/** A small line drawing; decoration only, so the control around it carries the name. */
export function Icon({ name, size = 18 }: { name: IconName; size?: number }): JSX.Element {
  return (
    <svg
      className="icon"
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth={name === 'more' ? 2.6 : 1.7}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      <path d={PATHS[name]} />
    </svg>
  );
}
