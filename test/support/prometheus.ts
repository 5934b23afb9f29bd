import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Scrape } from '../../server/observability/history.ts';
import { findProgram, type Program } from './programs.ts';

const run = promisify(execFile);

function programOf(name: Program): string {
  const path = findProgram(name);
  if (path === null) throw new Error(`${name} is not installed.`);
  return path;
}

function lineOf(name: string, labels: Readonly<Record<string, string>>, rest: string): string {
  const list = Object.entries(labels).map(([label, value]) => `${label}=${JSON.stringify(value)}`);
  return `${name}{${list.join(',')}} ${rest}`;
}

/** A Prometheus that has recorded some scrapes and takes no more. */
export class RecordedPrometheus {
  private readonly url: string;
  private readonly folder: string;
  private readonly child: ChildProcess;

  private constructor(url: string, folder: string, child: ChildProcess) {
    this.url = url;
    this.folder = folder;
    this.child = child;
  }

  /** Starts the real program over these scrapes, on a free port. */
  static async start(scrapes: readonly { at: number; scrape: Scrape }[]): Promise<RecordedPrometheus> {
    const folder = await mkdtemp(join(tmpdir(), 'taleloom-prometheus-'));
    const lines = scrapes.flatMap(({ at, scrape }) =>
      [...scrape].flatMap(([name, samples]) =>
        samples.map(({ labels, value }) => lineOf(name, labels, `${value} ${at / 1_000}`)),
      ),
    );
    const recorded = join(folder, 'scrapes.txt');
    const data = join(folder, 'data');
    const config = join(folder, 'prometheus.yml');
    await writeFile(recorded, `${lines.join('\n')}\n# EOF\n`);
    await writeFile(config, 'scrape_configs: []\n');
    await run(programOf('promtool'), ['tsdb', 'create-blocks-from', 'openmetrics', recorded, data]);
    const child = spawn(
      programOf('prometheus'),
      [
        `--config.file=${config}`,
        `--storage.tsdb.path=${data}`,
        '--storage.tsdb.retention.time=100y',
        '--web.listen-address=127.0.0.1:0',
      ],
      { stdio: ['ignore', 'ignore', 'pipe'] },
    );
    return new RecordedPrometheus(await listening(child), folder, child);
  }

  /** Values of an instant query by the value of `by` ('' without one); those that are no number are left out. */
  async query(promql: string, at: number, by: string | null): Promise<Map<string, number>> {
    const address = new URL('/api/v1/query', this.url);
    const body = new URLSearchParams({ query: promql, time: String(at / 1_000) });
    const response = await fetch(address, { method: 'POST', body });
    const answer = (await response.json()) as {
      error?: string;
      data?: { result: { metric: Record<string, string>; value: [number, string] }[] };
    };
    if (answer.data === undefined) throw new Error(`${promql}: ${answer.error}`);
    const values = answer.data.result.map(
      ({ metric, value }) => [by === null ? '' : (metric[by] ?? ''), Number(value[1])] as const,
    );
    return new Map(values.filter(([, value]) => Number.isFinite(value)));
  }

  async stop(): Promise<void> {
    this.child.kill('SIGTERM');
    if (this.child.exitCode === null && this.child.signalCode === null) await once(this.child, 'exit');
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** The address that it says it listens on, once it answers. */
async function listening(child: ChildProcess): Promise<string> {
  let said = '';
  return new Promise((resolve, reject) => {
    let url: string | null = null;
    child.stderr?.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      const port = /msg="Listening on".* address=127\.0\.0\.1:(\d+)/.exec(said)?.[1];
      if (port !== undefined) url = `http://127.0.0.1:${port}`;
      if (url !== null && said.includes('ready to receive web requests')) resolve(url);
    });
    child.once('exit', (code) => reject(new Error(`Prometheus ended with ${code}:\n${said}`)));
  });
}
