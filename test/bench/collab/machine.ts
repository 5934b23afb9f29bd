import { execFileSync } from 'node:child_process';
import { readFileSync, statfsSync } from 'node:fs';
import os from 'node:os';
import { z } from 'zod';
import { peerVersions } from './peers.ts';

const TMPFS_MAGIC = 0x01021994;
const ownPackage = z.object({ version: z.string(), dependencies: z.record(z.string(), z.string()) });

function revision(): string {
  try {
    return execFileSync('git', ['describe', '--always', '--dirty'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return 'unknown';
  }
}

/** Whether a folder lives in memory, where an fsync costs nothing. */
export function isMemoryFolder(folder: string): boolean {
  return statfsSync(folder).type === TMPFS_MAGIC;
}

/** What the figures depend on beside the code: the machine, and who was measured. */
export function describeMachine(tempRoot: string) {
  const own = ownPackage.parse(
    JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')),
  );
  return {
    machine: {
      cpu: os.cpus()[0]?.model ?? 'unknown',
      cores: os.cpus().length,
      memoryGiB: Math.round(os.totalmem() / 1024 ** 3),
      kernel: `${os.type()} ${os.release()}`,
      node: process.version,
      loadAverageAtStart: os.loadavg()[0] ?? 0,
      storageInMemory: isMemoryFolder(tempRoot),
    },
    versions: {
      'taleloom': { taleloom: own.version, revision: revision(), yjs: own.dependencies['yjs'] ?? 'unknown' },
      'y-websocket-server': peerVersions('y-websocket-server'),
      'hocuspocus': peerVersions('hocuspocus'),
    },
  };
}
