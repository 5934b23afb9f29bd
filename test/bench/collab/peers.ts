import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

/** The servers from elsewhere, by the names of their folders under `test/bench/peers`. */
export type PeerName = 'y-websocket-server' | 'hocuspocus';

const packageJson = z.object({
  version: z.string(),
  dependencies: z.record(z.string(), z.string()).default({}),
});

function readPackage(path: string): z.output<typeof packageJson> {
  return packageJson.parse(JSON.parse(readFileSync(path, 'utf8')));
}

/** The folder of a peer: its package.json, its server and, once installed, its packages. */
export function peerFolder(peer: PeerName): string {
  return fileURLToPath(new URL(`../peers/${peer}`, import.meta.url));
}

/** Pinned packages of a peer by name. */
export function peerVersions(peer: PeerName): Record<string, string> {
  return readPackage(join(peerFolder(peer), 'package.json')).dependencies;
}

function isInstalled(peer: PeerName): boolean {
  return Object.entries(peerVersions(peer)).every(([name, version]) => {
    const path = join(peerFolder(peer), 'node_modules', name, 'package.json');
    return existsSync(path) && readPackage(path).version === version;
  });
}

/** Install a peer's packages from its lock file, unless they are there. */
export function installPeer(peer: PeerName): void {
  if (isInstalled(peer)) return;
  console.log(`Installing ${peer} (once; it may compile SQLite, which takes minutes)`);
  // Hocuspocus 4 declares Node 22, but runs on Node 20: all servers are compared on the same Node.
  const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--no-engine-strict'], {
    cwd: peerFolder(peer),
    stdio: 'inherit',
  });
  if (status !== 0) throw new Error(`npm ci failed in ${peerFolder(peer)}`);
}
