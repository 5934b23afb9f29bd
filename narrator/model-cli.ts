import { readdir, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { AppError } from '../sessions/errors.ts';
import { LlamaModel } from './llama-model.ts';
import { noteSource } from './model-sources.ts';
import { DownloadError, downloadModel, resolveSource } from './model-download.ts';

const FOLDER = join('narrator', 'models');
const DEMO = join(FOLDER, 'storyteller-tiny-q8_0.gguf');
const SAMPLE_TOKENS = 120;
const SAMPLE_PROMPT = 'Once upon a time, in a small town by the sea, an old clock began to run backwards.';

/** Small instruct models that run on an ordinary machine: name, parameters, licence, size of Q4_K_M, source. */
const SUGGESTED = [
  ['Qwen2.5 0.5B Instruct', '0.5 B', 'Apache-2.0', '0.5 GB', 'hf:Qwen/Qwen2.5-0.5B-Instruct-GGUF:q4_k_m'],
  ['Qwen2.5 1.5B Instruct', '1.5 B', 'Apache-2.0', '1.1 GB', 'hf:Qwen/Qwen2.5-1.5B-Instruct-GGUF:q4_k_m'],
  [
    'SmolLM2 1.7B Instruct',
    '1.7 B',
    'Apache-2.0',
    '1.1 GB',
    'hf:HuggingFaceTB/SmolLM2-1.7B-Instruct-GGUF:q4_k_m',
  ],
  ['Phi-3.5 mini Instruct', '3.8 B', 'MIT', '2.4 GB', 'hf:bartowski/Phi-3.5-mini-instruct-GGUF:Q4_K_M'],
  [
    'Mistral 7B Instruct v0.3',
    '7.2 B',
    'Apache-2.0',
    '4.4 GB',
    'hf:bartowski/Mistral-7B-Instruct-v0.3-GGUF:Q4_K_M',
  ],
] as const;

const USAGE = `Usage:
  npm run model -- list                       suggested models and those in ${FOLDER}
  npm run model -- pull hf:owner/repo:quant   download (also hf:owner/repo/file.gguf or an https address)
  npm run model -- test [file]                load a model (or MODEL=path) and write a sample`;

/** Where the command prints, and where it works; tests pass their own. */
export interface CliOptions {
  print: (line: string) => void;
  /** Overwrites the line of the progress bar; null: no terminal. */
  overwrite: ((line: string) => void) | null;
  folder: string;
  env: { MODEL?: string | undefined };
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(bytes < 1e8 ? 1 : 0)} MB`;
}

async function list(options: CliOptions): Promise<void> {
  const widths = [26, 8, 12, 8];
  const row = (cells: readonly string[]) =>
    cells
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join(' ')
      .trimEnd();
  options.print(row(['MODEL', 'SIZE', 'LICENCE', 'FILE', 'SOURCE']));
  for (const model of SUGGESTED) options.print(row(model));
  options.print('');
  options.print(`In ${options.folder}:`);
  const names = (await readdir(options.folder).catch(() => [])).filter((name) =>
    /\.gguf(?:\.part)?$/.test(name),
  );
  if (names.length === 0) options.print('  nothing');
  for (const name of names.sort()) {
    const { size } = await stat(join(options.folder, name));
    options.print(
      `  ${name}  ${megabytes(size)}${name.endsWith('.part') ? '  (unfinished, pull it again)' : ''}`,
    );
  }
}

function progressLine(bytes: number, total: number | null): string {
  if (total === null || total === 0) return `  ${megabytes(bytes)}`;
  const filled = Math.round((30 * bytes) / total);
  const bar = '#'.repeat(filled).padEnd(30, '.');
  return `  [${bar}] ${Math.floor((100 * bytes) / total)} % of ${megabytes(total)}`;
}

async function pull(source: string, options: CliOptions): Promise<void> {
  const url = await resolveSource(source);
  options.print(`Downloading ${url}`);
  let shownAt = 0;
  const path = await downloadModel({
    url,
    folder: options.folder,
    progress: (bytes, total) => {
      const now = performance.now();
      if (options.overwrite === null || (now - shownAt < 200 && bytes !== total)) return;
      shownAt = now;
      options.overwrite(progressLine(bytes, total));
    },
  });
  options.overwrite?.('\n');
  await noteSource(options.folder, source, basename(path));
  options.print(`Saved ${path}. Start with MODEL=${path} or MODEL=${source}`);
}

async function test(file: string, options: CliOptions): Promise<void> {
  const model = new LlamaModel({ modelPath: file, parallel: 1, contextTokens: 2_048 });
  try {
    const began = performance.now();
    const info = await model.load();
    const facts = model.facts;
    const where = facts?.gpu ?? `processor, ${facts?.threads ?? 1} threads`;
    options.print(
      `${basename(file)}: ${info.shape} model, ${info.contextTokens} tokens of context, on ${where}`,
    );
    options.print(`loaded in ${((performance.now() - began) / 1_000).toFixed(1)} s`);
    const isChat = info.shape === 'chat';
    const message = { role: 'user' as const, content: `Go on with this story: ${SAMPLE_PROMPT}` };
    const from = performance.now();
    let text = '';
    const result = await model.generate({
      turnId: 'test',
      prompt: isChat
        ? { shape: 'chat', messages: [message] }
        : { shape: 'continuation', text: SAMPLE_PROMPT },
      maxTokens: SAMPLE_TOKENS,
      temperature: 0.7,
      topP: 0.95,
      minP: 0.05,
      seed: null,
      storyId: 'trial',
      onCost: () => undefined,
      signal: AbortSignal.timeout(120_000),
      onText: (piece) => (text += piece),
    });
    const seconds = (performance.now() - from) / 1_000;
    const speed = (result.outputTokens / Math.max(0.001, seconds)).toFixed(1);
    options.print(`first token after ${result.firstTokenMs ?? 0} ms, ${speed} tokens a second\n`);
    options.print(`${SAMPLE_PROMPT} >>>${isChat ? '\n' : ''}${text}`);
  } finally {
    await model.close();
  }
}

/** Runs one command; resolves with the exit code. Expected failures are printed, not thrown. */
export async function runModelCli(args: readonly string[], options: CliOptions): Promise<number> {
  const [command, argument] = args;
  try {
    if (command === 'list') await list(options);
    else if (command === 'pull' && argument !== undefined) await pull(argument, options);
    else if (command === 'test') await test(argument ?? options.env.MODEL ?? DEMO, options);
    else {
      options.print(USAGE);
      return 2;
    }
    return 0;
  } catch (error) {
    if (!(error instanceof DownloadError) && !(error instanceof AppError)) throw error;
    options.overwrite?.('\n');
    const text = error instanceof AppError ? (error.detail ?? error.message) : error.message;
    options.print(`Failed: ${text}`);
    return 1;
  }
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(resolve(process.argv[1])).href) {
  process.exitCode = await runModelCli(process.argv.slice(2), {
    print: (line) => process.stdout.write(`${line}\n`),
    overwrite: process.stdout.isTTY
      ? (line) => process.stdout.write(line === '\n' ? line : `\r${line}`)
      : null,
    folder: FOLDER,
    env: process.env,
  });
}
