import { createTheme, type CSSVariablesResolver, type MantineColorsTuple } from '@mantine/core';

const SERIF = '"Iowan Old Style", Charter, "Bitstream Charter", Georgia, Cambria, "DejaVu Serif", serif';
const SANS =
  'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", "DejaVu Sans", sans-serif';

const oxblood: MantineColorsTuple = [
  '#fbf0ec',
  '#f3ddd6',
  '#e9bcae',
  '#dd9983',
  '#cf7a60',
  '#b95a42',
  '#9c4331',
  '#7f3326',
  '#66281e',
  '#4e1e17',
];

const stone: MantineColorsTuple = [
  '#faf7f1',
  '#f1ebe0',
  '#e2d9ca',
  '#cbbfac',
  '#a6998a',
  '#857969',
  '#665b4e',
  '#4c443a',
  '#332d27',
  '#1d1916',
];

const ember: MantineColorsTuple = [
  '#e8dfd1',
  '#cbbfac',
  '#aea393',
  '#857969',
  '#574d42',
  '#3f3830',
  '#2d2822',
  '#24201c',
  '#1b1815',
  '#141210',
];

/** Paper and ink: the look of the whole app. */
export const theme = createTheme({
  primaryColor: 'oxblood',
  primaryShade: { light: 7, dark: 6 },
  colors: { oxblood, gray: stone, dark: ember },
  black: '#2a241e',
  fontFamily: SANS,
  fontFamilyMonospace: 'ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace',
  headings: { fontFamily: SERIF, fontWeight: '600' },
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    // The placeholder is an element that a menu may not hold; focus goes to the first item instead.
    Menu: { defaultProps: { withInitialFocusPlaceholder: false } },
    // Locking the scroll adds a style that the content security policy forbids, and pages here need no lock.
    Modal: { defaultProps: { lockScroll: false } },
    Drawer: { defaultProps: { lockScroll: false } },
  },
});

// Mantine sets these once a scheme, so they have to be set back under both.
const surfaces = {
  '--mantine-color-text': 'var(--ink)',
  '--mantine-color-body': 'var(--surface)',
  '--mantine-color-dimmed': 'var(--ink-quiet)',
  '--mantine-color-placeholder': 'var(--ink-quiet)',
  '--mantine-color-default': 'var(--surface)',
  '--mantine-color-default-color': 'var(--ink)',
  '--mantine-color-default-hover': 'var(--note-soft)',
  '--mantine-color-default-border': 'var(--rule-strong)',
  '--mantine-color-error': 'var(--problem)',
  '--mantine-color-anchor': 'var(--accent)',
  '--mantine-color-oxblood-light': 'color-mix(in oklab, var(--accent) 11%, transparent)',
  '--mantine-color-oxblood-light-hover': 'color-mix(in oklab, var(--accent) 18%, transparent)',
  '--mantine-color-oxblood-light-color': 'var(--accent)',
  '--mantine-color-red-filled': '#a1261b',
  '--mantine-color-red-filled-hover': '#861f16',
  '--mantine-color-red-light-color': 'var(--problem)',
  '--mantine-color-gray-light': 'var(--note-soft)',
  '--mantine-color-gray-light-hover': 'var(--rule)',
  '--mantine-color-gray-light-color': 'var(--ink)',
  '--mantine-color-disabled': 'var(--note-soft)',
  '--mantine-color-disabled-color': 'var(--ink-quiet)',
  '--mantine-color-disabled-border': 'var(--rule)',
};

/** Mantine's own surfaces take the colours of the page (styles/page.css). */
export const pageVariables: CSSVariablesResolver = () => ({
  variables: { '--font-serif': SERIF },
  light: surfaces,
  dark: surfaces,
});
