import { readFile } from 'node:fs/promises';

/** Whether the server at `url` answers that it is alive. */
export async function isAlive(url: string): Promise<boolean> {
  const response = await fetch(`${url}/health`);
  return response.ok && ((await response.json()) as { status?: unknown }).status === 'ok';
}

/** Value of one series of `/metrics`, written as there, e.g. `a_total{reason="gap"}`; 0 when it is not there. */
export async function metric(url: string, series: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const line = text.split('\n').find((candidate) => candidate.startsWith(`${series} `));
  return line === undefined ? 0 : Number(line.slice(series.length + 1));
}

/** Most memory the process ever held, in MiB. */
export async function peakMiB(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? Number.NaN) / 1024;
}
