import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What a scripted narrator says: at once, or word by word with a pause before each. */
export type ScriptedPassage = string | { text: string; pieceMs: number };

/** A Taleloom server as its own process, over a temporary data folder, as users run it. */
export class TestServer {
  readonly dataDir: string;
  /** What is removed at the end. */
  private readonly folders: string[];
  private readonly env: Record<string, string>;
  private child: ChildProcess | null = null;
  private address = '';
  output = '';

  private constructor(dataDir: string, env: Record<string, string>) {
    this.dataDir = dataDir;
    this.folders = [dataDir];
    this.env = env;
  }

  /** Starts a server on a free port. `env` adds to or replaces its settings; generous limits by default. */
  static async start(env: Record<string, string> = {}): Promise<TestServer> {
    const dataDir = await mkdtemp(join(tmpdir(), 'taleloom-test-'));
    const server = new TestServer(dataDir, {
      HOST: '127.0.0.1',
      PORT: '0',
      NARRATOR: 'off',
      SESSIONS_PER_MINUTE: '1000',
      JOINS_PER_MINUTE: '1000',
      NARRATOR_ASKS_PER_MINUTE: '600',
      LOG_LEVEL: 'info',
      // A model more in every process of every test: those that are about it turn it on.
      MODERATION_ENCODER: 'off',
      ...env,
    });
    await server.run();
    return server;
  }

  /** Starts a server whose narrator says the given passages, one after the other, the last one again and again. */
  static async startScripted(
    passages: readonly ScriptedPassage[],
    env: Record<string, string> = {},
  ): Promise<TestServer> {
    const folder = await mkdtemp(join(tmpdir(), 'taleloom-script-'));
    const script = join(folder, 'script.json');
    await writeFile(script, JSON.stringify(passages));
    const server = await TestServer.start({ NARRATOR: 'on', SCRIPTED_NARRATOR: script, ...env });
    server.folders.push(folder);
    return server;
  }

  get url(): string {
    return this.address;
  }

  get pid(): number {
    if (this.child?.pid === undefined) throw new Error('The server does not run.');
    return this.child.pid;
  }

  get isRunning(): boolean {
    return this.child !== null && this.child.exitCode === null && this.child.signalCode === null;
  }

  private async run(): Promise<void> {
    const child = spawn(process.execPath, ['--enable-source-maps', 'dist/server/main.js'], {
      env: {
        PATH: process.env.PATH ?? '',
        HOME: process.env.HOME ?? '',
        DATA_DIR: this.dataDir,
        ...this.env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child = child;
    this.address = await new Promise<string>((resolve, reject) => {
      const look = (chunk: Buffer) => {
        this.output += chunk.toString();
        // The narrator may say that it is ready in the same breath.
        const match = /ready: (http:\/\/[\w.]+:\d+)/.exec(this.output);
        if (match?.[1] !== undefined) resolve(match[1]);
      };
      child.stdout.on('data', look);
      child.stderr.on('data', look);
      child.once('exit', (code) => reject(new Error(`The server ended with ${code}:\n${this.output}`)));
    });
    // The next start listens on the same port, as clients expect of a restart.
    this.env.PORT = new URL(this.address).port;
  }

  /** Sends a signal and waits for the end. */
  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<number | null> {
    const { child } = this;
    if (child === null || !this.isRunning) return child?.exitCode ?? null;
    child.kill(signal);
    const [code] = (await once(child, 'exit')) as [number | null];
    return code;
  }

  /** Starts it again over the same data and on the same port. */
  async restart(): Promise<void> {
    this.output = '';
    await this.run();
  }

  /** Ends it and removes its data. */
  async stop(): Promise<void> {
    await this.kill('SIGTERM');
    for (const folder of this.folders) await rm(folder, { recursive: true, force: true });
  }
}
