import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { atExit } from './cleanup.ts';
import type { ServerName } from './job.ts';
import { peerFolder } from './peers.ts';

const READY_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 15_000;
const OUTPUT_KEPT = 4_000;
const TALELOOM_ENTRY = fileURLToPath(new URL('../../../dist/server/main.js', import.meta.url));

/** A server process that takes connections. */
export interface RunningServer {
  url: string;
  pid: number;
  /** The end of what it printed, for error messages. */
  output(): string;
  /** Ask it to end, insist after a while. */
  stop(): Promise<void>;
}

/** The variables Taleloom runs with: everything durable against power loss, every rate limit out of the way. */
export const TALELOOM_SETTINGS = {
  DURABILITY: 'power',
  NARRATOR: 'off',
  PORT: '0',
  EDITS_PER_SECOND: '1000000',
  EDIT_BURST: '1000000',
  SESSIONS_PER_MINUTE: '1000',
  JOINS_PER_MINUTE: '1000',
} as const;

interface Launch {
  entry: string;
  cwd: string;
  env: Record<string, string>;
}

function launchOf(server: ServerName, dataDir: string): Launch {
  switch (server) {
    case 'taleloom':
      return { entry: TALELOOM_ENTRY, cwd: dataDir, env: { ...TALELOOM_SETTINGS, DATA_DIR: dataDir } };
    case 'y-websocket-server':
      return {
        entry: join(peerFolder(server), 'server.mjs'),
        cwd: peerFolder(server),
        env: { YPERSISTENCE: join(dataDir, 'leveldb') },
      };
    case 'hocuspocus':
      return {
        entry: join(peerFolder(server), 'server.mjs'),
        cwd: peerFolder(server),
        env: { DATABASE: join(dataDir, 'documents.sqlite') },
      };
  }
}

/** Throws when Taleloom has not been built. */
export function assertBuilt(): void {
  if (!existsSync(TALELOOM_ENTRY)) throw new Error(`${TALELOOM_ENTRY} is missing: run npm run build first`);
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
  await ended;
  clearTimeout(timer);
}

/** Start a server with storage in `dataDir` (made if absent); resolves when it has printed its URL. */
export async function startServer(server: ServerName, dataDir: string): Promise<RunningServer> {
  mkdirSync(dataDir, { recursive: true });
  const { entry, cwd, env } = launchOf(server, dataDir);
  const child = spawn(process.execPath, [entry], {
    cwd,
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], NODE_ENV: 'production', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const forget = atExit(() => child.kill('SIGKILL'));
  child.once('exit', forget);
  let output = '';
  const keep = (chunk: Buffer): void => {
    output = (output + chunk.toString()).slice(-OUTPUT_KEPT);
  };
  child.stderr.on('data', keep);
  const url = await new Promise<string>((resolve, reject) => {
    const fail = (why: string): void => reject(new Error(`${server} ${why}:\n${output}`));
    const timer = setTimeout(() => fail('printed no URL in time'), READY_TIMEOUT_MS);
    child.once('error', reject);
    child.once('exit', (code) => fail(`ended with ${code} before it was ready`));
    child.stdout.on('data', (chunk: Buffer) => {
      keep(chunk);
      const found = /http:\/\/[\w.:[\]-]+:\d+/.exec(output)?.[0];
      if (found === undefined) return;
      clearTimeout(timer);
      resolve(found);
    });
  }).catch(async (error: unknown) => {
    await stop(child);
    throw error;
  });
  return { url, pid: child.pid ?? 0, output: () => output, stop: () => stop(child) };
}
