import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A way to take a running server's room to write, and to give it back. */
export interface FullDisk {
  /** Where the server has to keep its data; null: anywhere. */
  dataDir: string | null;
  fill(pid: number): void;
  /** `pid` null: the process has ended. */
  free(pid: number | null): void;
  /** Cleans up; the server must have ended. */
  close(): void;
}

function skipLoudly(what: string, error: unknown): null {
  const reason = error instanceof Error ? error.message.split('\n')[0] : String(error);
  console.warn(`!!! ${what} is not possible here (${reason}): the tests that need it are SKIPPED.`);
  return null;
}

/** A small file system of its own that is filled to the last byte; null where mounting is not allowed. */
export function smallFileSystem(): FullDisk | null {
  const folder = mkdtempSync(join(tmpdir(), 'taleloom-small-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=32m', 'tmpfs', folder], { stdio: 'pipe' });
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    return skipLoudly('mounting a file system (it takes root)', error);
  }
  const filler = join(folder, 'filler');
  return {
    dataDir: folder,
    fill: () => {
      const file = openSync(filler, 'w');
      try {
        for (;;) writeSync(file, Buffer.alloc(64 * 1024));
      } catch {
        for (let isRoom = true; isRoom;) {
          try {
            writeSync(file, Buffer.alloc(512));
          } catch {
            isRoom = false;
          }
        }
      }
      closeSync(file);
    },
    free: () => rmSync(filler, { force: true }),
    close: () => {
      execFileSync('umount', [folder]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A limit on the size of files, set on the running process; null where `prlimit` is missing. */
export function fileSizeLimit(): FullDisk | null {
  const limit = (pid: number, value: string) =>
    void execFileSync('prlimit', ['--pid', String(pid), `--fsize=${value}`], { stdio: 'pipe' });
  try {
    limit(process.pid, 'unlimited:unlimited');
  } catch (error) {
    return skipLoudly('limiting the file size of a process (prlimit, util-linux)', error);
  }
  return {
    dataDir: null,
    fill: (pid) => limit(pid, '1:unlimited'),
    free: (pid) => (pid === null ? undefined : limit(pid, 'unlimited:unlimited')),
    close: () => undefined,
  };
}
