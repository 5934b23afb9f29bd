import { accessSync, constants } from 'node:fs';

const CANDIDATES = {
  chromium: [process.env.CHROMIUM_PATH, '/usr/bin/chromium', '/usr/bin/chromium-browser'],
  prometheus: [process.env.PROMETHEUS_PATH, '/usr/bin/prometheus', '/usr/local/bin/prometheus'],
  promtool: [process.env.PROMTOOL_PATH, '/usr/bin/promtool', '/usr/local/bin/promtool'],
  amtool: [process.env.AMTOOL_PATH, '/usr/bin/amtool', '/usr/local/bin/amtool'],
} as const;

/** A program that some tests need and npm does not bring. */
export type Program = keyof typeof CANDIDATES;

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The Debian package that brings it, where that has another name. */
const PACKAGES: Partial<Record<Program, string>> = {
  promtool: 'prometheus',
  amtool: 'prometheus-alertmanager',
};

/** Path of the program on this machine; null: it is not installed. */
export function findProgram(program: Program): string | null {
  return CANDIDATES[program].find((path) => path !== undefined && path !== '' && isExecutable(path)) ?? null;
}

/**
 * Whether tests that need the program have to be skipped (for `describe.skipIf`). Says so in one loud line;
 * with CI=true it throws instead, so that no test is lost in silence there.
 */
export function skipUnless(program: Program): boolean {
  if (findProgram(program) !== null) return false;
  const debianPackage = PACKAGES[program] ?? program;
  const message = `${program} is not installed: the tests that need it`;
  if (process.env.CI === 'true')
    throw new Error(`${message} cannot run. Install it (apt-get install ${debianPackage}).`);
  console.warn(`!!! ${message} are SKIPPED. Install it to run them: apt-get install ${debianPackage}`);
  return true;
}
