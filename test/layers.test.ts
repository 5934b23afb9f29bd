import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '..');

/** Folder -> folders of ours that it may import (ARCHITECTURE section 4). Itself is always allowed. */
const ALLOWED: Record<string, readonly string[]> = {
  sessions: [],
  moderation: ['sessions'],
  narrator: ['sessions'],
  server: ['sessions', 'moderation', 'narrator'],
  client: ['sessions'],
};
/** What the client may take from the core: protocol and shapes, nothing that runs a session. */
const FOR_CLIENT = new Set(
  [
    'wire-constants',
    'protocol',
    'view',
    'safety-view',
    'safety-state',
    'story-shape',
    'prose',
    'story-lines',
    'memory-shape',
    'history-view',
    'sight',
    'quality',
    'monitor-view',
    'feedback',
    'ops-view',
    'ids',
    'errors',
    'roles',
    'limits',
    'text',
  ].map((name) => `sessions/${name}.ts`),
);
/** Least number of files that the check must have seen, so that it cannot pass by seeing nothing. */
const LEAST: Record<string, number> = { sessions: 35, narrator: 15, server: 15, client: 15 };
/** Files that may touch the environment, and what for. */
const MAY_READ_ENV = new Set([
  // Hands it to readConfig, which is the one to look into it.
  'server/main.ts',
  'server/config.ts',
  // Programs of their own.
  'narrator/model-cli.ts',
  // Hands a chosen few on to the child process.
  'narrator/engine-link.ts',
]);
/** Modules that open something outside the process: only compose.ts may make one. */
const ADAPTERS =
  /^server\/store\/sql-(?:(?:session|history|flag|feedback|slo|incident|audit)-store|generation-log|moderation-log)\.ts$|^server\/audit\/audit-log\.ts$|^narrator\/(?:llama-model|openai-model|narrator|moderation-endpoint|queue-judge)\.ts$/;
/** compose.ts, its parts that choose the model and the judges, and the tools for models and the audit log. */
const MAY_MAKE_ADAPTERS = new Set([
  'server/operations.ts',
  'server/watch.ts',
  'server/compose.ts',
  'server/narrator-model.ts',
  'server/moderation.ts',
  'narrator/model-cli.ts',
  'server/audit-cli.ts',
]);

interface Import {
  from: string;
  /** Path inside the project for files of ours, else the name of the package. */
  to: string;
  isTypeOnly: boolean;
}

function filesOf(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : filesOf(path);
    return /\.tsx?$/.test(entry.name) && !/\.test\.tsx?$/.test(entry.name) ? [path] : [];
  });
}

/** The imports and re-exports of a source, static and dynamic. */
function importsOf(path: string, source: string): Import[] {
  const from = relative(ROOT, path);
  const code = source.replace(/\/\*[^]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');
  const found = code.matchAll(
    /\b(?:import|export)\s+(type\s+)?(?:[\w*{},\s$]+?\sfrom\s+)?['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]/g,
  );
  return [...found].map((match) => {
    const name = match[2] ?? match[3] ?? '';
    const to = name.startsWith('.') ? relative(ROOT, resolve(dirname(path), name)) : name;
    return { from, to, isTypeOnly: match[1] !== undefined };
  });
}

function breachesOf(list: readonly Import[]): string[] {
  return list.flatMap(({ from, to, isTypeOnly }) => {
    const [folder = ''] = from.split('/');
    const [target = ''] = to.split('/');
    const breach = (why: string) => [`${from} imports ${to}: ${why}`];
    if (!(target in ALLOWED)) return to.startsWith('test/') ? breach('tests are for tests') : [];
    if (target !== folder && ALLOWED[folder]?.includes(target) !== true) return breach('wrong way');
    if (folder === 'client' && target === 'sessions' && !FOR_CLIENT.has(to))
      return breach('not for the client');
    const isAdapter = ADAPTERS.test(to) && !isTypeOnly && target !== 'sessions';
    const isFamily = folder === 'narrator' && target === 'narrator' && from !== 'narrator/model-cli.ts';
    if (isAdapter && !isFamily && !MAY_MAKE_ADAPTERS.has(from))
      return breach('only compose.ts makes adapters');
    return [];
  });
}

/** Cycles of value imports: type imports are gone when the program runs. */
function cyclesOf(list: readonly Import[]): string[] {
  const edges = new Map<string, string[]>();
  for (const { from, to, isTypeOnly } of list)
    if (!isTypeOnly) edges.set(from, [...(edges.get(from) ?? []), to]);
  const cycles: string[] = [];
  const done = new Set<string>();
  const visit = (file: string, path: readonly string[]): void => {
    if (path.includes(file)) return void cycles.push([...path.slice(path.indexOf(file)), file].join(' -> '));
    if (done.has(file)) return;
    for (const next of edges.get(file) ?? []) visit(next, [...path, file]);
    done.add(file);
  };
  for (const file of edges.keys()) visit(file, []);
  return cycles;
}

const files = Object.keys(ALLOWED).flatMap((folder) => filesOf(join(ROOT, folder)));
const sources = files.map((path) => [path, readFileSync(path, 'utf8')] as const);
const imports = sources.flatMap(([path, source]) => importsOf(path, source));

describe('layers', () => {
  it('saw the files of every folder, and their imports', () => {
    for (const [folder, least] of Object.entries(LEAST)) {
      const seen = files.filter((path) => relative(ROOT, path).startsWith(`${folder}/`));
      expect(seen.length, folder).toBeGreaterThanOrEqual(least);
    }
    expect(imports.length).toBeGreaterThan(200);
    const ours = imports.filter(({ to }) => to.split('/')[0]! in ALLOWED);
    expect(
      ours.filter(({ to }) => !existsSync(join(ROOT, to))).map(({ from, to }) => `${from}: ${to}`),
    ).toEqual([]);
  });

  it('holds: nobody imports the wrong way', () => {
    expect(breachesOf(imports)).toEqual([]);
  });

  it('has no cycles', () => {
    expect(cyclesOf(imports)).toEqual([]);
  });

  it('reads the environment in one place', () => {
    const readers = sources
      .filter(([, source]) =>
        /\bprocess\s*\.\s*env\b|\bprocess\s*\[/.test(source.replace(/\/\*[^]*?\*\//g, '')),
      )
      .map(([path]) => relative(ROOT, path));
    expect(readers.filter((path) => !MAY_READ_ENV.has(path))).toEqual([]);
  });

  it('finds planted faults', () => {
    const plant = (from: string, line: string) => breachesOf(importsOf(join(ROOT, from), line));
    expect(plant('sessions/x.ts', "import { a } from '../server/config.ts';")).toHaveLength(1);
    expect(plant('sessions/x.ts', "import type { a } from '../narrator/prompt.ts';")).toHaveLength(1);
    expect(plant('narrator/deep/x.ts', "export { a } from '../../server/store/tables.ts';")).toHaveLength(1);
    expect(plant('client/x.tsx', "import '../sessions/session.ts';")).toHaveLength(1);
    expect(plant('client/x.tsx', "const a = await import('../server/config.ts');")).toHaveLength(1);
    expect(plant('client/x.tsx', "import { LIMITS } from '../sessions/limits.ts';")).toEqual([]);
    expect(plant('server/http/x.ts', "import { o } from '../store/sql-session-store.ts';")).toHaveLength(1);
    expect(plant('server/x.ts', "import { a } from '../test/support/x.ts';")).toHaveLength(1);
    expect(plant('server/x.ts', "// import { a } from '../client/x.ts';")).toEqual([]);
    const circle = [
      { from: 'a.ts', to: 'b.ts', isTypeOnly: false },
      { from: 'b.ts', to: 'c.ts', isTypeOnly: false },
      { from: 'c.ts', to: 'a.ts', isTypeOnly: false },
    ];
    expect(cyclesOf(circle)).toEqual(['a.ts -> b.ts -> c.ts -> a.ts']);
    expect(cyclesOf(circle.slice(1))).toEqual([]);
  });
});
