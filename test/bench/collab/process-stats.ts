import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Linux counts CPU time in /proc in hundredths of a second on every supported platform. */
const MICROS_PER_TICK = 10_000;

/** What a process and its descendants have used so far. */
export interface ProcessUsage {
  /** User and system time of all threads, finished ones included. */
  cpuMicros: number;
  rssBytes: number;
}

function childrenOf(pid: number): number[] {
  const found: number[] = [];
  for (const task of readdirSync(`/proc/${pid}/task`)) {
    const list = readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').trim();
    if (list !== '') found.push(...list.split(' ').map(Number));
  }
  return found;
}

function usageOfOne(pid: number): ProcessUsage {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The name in parentheses may hold spaces; utime and stime are fields 14 and 15 of the line.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const resident = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? '0';
  return {
    cpuMicros: (Number(fields[11]) + Number(fields[12])) * MICROS_PER_TICK,
    rssBytes: Number(resident) * 1024,
  };
}

/** Usage of a process tree; throws if the process is gone. Linux only. */
export function readUsage(pid: number): ProcessUsage {
  const total = usageOfOne(pid);
  for (const child of childrenOf(pid)) {
    const usage = readUsage(child);
    total.cpuMicros += usage.cpuMicros;
    total.rssBytes += usage.rssBytes;
  }
  return total;
}

/** Sum of the sizes of all files below a folder, bytes. */
export function folderBytes(folder: string): number {
  let bytes = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) bytes += folderBytes(path);
    else bytes += statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  }
  return bytes;
}
