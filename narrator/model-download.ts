import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';

const HUB = 'https://huggingface.co';
/** Connecting, and silence in the middle of a download. */
const STALL_MS = 30_000;
const ATTEMPTS = 5;
const MAX_LIST = 4 * 1024 * 1024;
const treeSchema = z.array(z.object({ path: z.string(), type: z.string() })).max(20_000);

/** A failure whose message is meant for the person at the terminal. */
export class DownloadError extends Error {
  /** False: trying again will not help. */
  readonly mayRetry: boolean;
  constructor(message: string, mayRetry: boolean, cause?: unknown) {
    super(message, { cause });
    this.name = 'DownloadError';
    this.mayRetry = mayRetry;
  }
}

/** What is downloaded, where to, and who is told. */
export interface DownloadOptions {
  url: string;
  /** Folder of the models; created when missing. */
  folder: string;
  /** Bytes so far and in all; null: the server does not say. */
  progress: (bytes: number, total: number | null) => void;
  /** Attempts before giving up; each goes on where the last one ended. Default 5. */
  attempts?: number;
}

function faultText(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  if (cause instanceof Error) return 'code' in cause ? String(cause.code) : cause.message;
  return error.message;
}

async function request(
  url: string,
  headers: Record<string, string>,
  method: 'GET' | 'HEAD' = 'GET',
): Promise<{ response: Response; heard: () => void }> {
  const silence = new AbortController();
  let timer = setTimeout(() => silence.abort(new Error('no answer for 30 s')), STALL_MS).unref();
  const heard = () => {
    clearTimeout(timer);
    timer = setTimeout(() => silence.abort(new Error('no data for 30 s')), STALL_MS).unref();
  };
  try {
    const redirect = method === 'HEAD' ? 'manual' : 'follow';
    const response = await fetch(url, { method, redirect, headers, signal: silence.signal });
    heard();
    return { response, heard };
  } catch (error) {
    const text = `could not reach host ${new URL(url).host}: ${faultText(error)}`;
    throw new DownloadError(
      `${text}. Put the .gguf file into narrator/models/ yourself and start with MODEL=path`,
      true,
      error,
    );
  }
}

function checkStatus(response: Response, url: string): void {
  if (response.ok || response.status === 416) return;
  const { status } = response;
  const host = new URL(url).host;
  if (status === 404) throw new DownloadError(`${host} has no such file: ${url}`, false);
  if (status === 401 || status === 403)
    throw new DownloadError(`${host} does not give this file to everybody (status ${status})`, false);
  throw new DownloadError(`${host} answered with status ${status}`, status >= 500 || status === 429);
}

async function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    (file) => file.size,
    () => 0,
  );
}

/** Size of the whole file from the headers of a whole or a partial answer; null: unknown. */
function totalOf(response: Response): number | null {
  const range = /\/(\d+)$/.exec(response.headers.get('content-range') ?? '');
  if (range !== null) return Number(range[1]);
  const length = response.headers.get('content-length');
  return length === null || response.status !== 200 ? null : Number(length);
}

/** SHA-256 that the hub (or a server with such an ETag) states for the file; null: none. */
function hashOf(response: Response): string | null {
  const tag = response.headers.get('x-linked-etag') ?? response.headers.get('etag') ?? '';
  return /^(?:W\/)?"?([0-9a-f]{64})"?$/.exec(tag)?.[1] ?? null;
}

async function sha256(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

/** The hub states the checksum in front of its redirect to the storage, where the download itself never sees it. */
async function statedHash(url: string): Promise<string | null> {
  const { response } = await request(url, {}, 'HEAD');
  await response.body?.cancel();
  return response.status < 400 ? hashOf(response) : null;
}

/** One connection: goes on behind what the .part file holds. Resolves with what the server said about the whole. */
async function fetchPart(
  part: string,
  options: DownloadOptions,
): Promise<{ total: number | null; hash: string | null }> {
  const have = await sizeOf(part);
  const { response, heard } = await request(options.url, have === 0 ? {} : { range: `bytes=${have}-` });
  checkStatus(response, options.url);
  const total = totalOf(response);
  const facts = { total, hash: hashOf(response) };
  if (response.status === 416) {
    await response.body?.cancel();
    if (total === have) return facts;
    await rm(part);
    throw new DownloadError('the partial file did not fit the one on the server, starting over', true);
  }
  const isResumed = response.status === 206;
  let bytes = isResumed ? have : 0;
  const meter = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      heard();
      bytes += chunk.length;
      options.progress(bytes, total);
      done(null, chunk);
    },
  });
  if (response.body === null) throw new DownloadError('the server sent nothing', true);
  await pipeline(response.body, meter, createWriteStream(part, { flags: isResumed ? 'a' : 'w' })).catch(
    (error: unknown) => {
      throw new DownloadError(`the connection broke: ${faultText(error)}`, true, error);
    },
  );
  return facts;
}

/**
 * Downloads a model file into the folder and resolves with its path. A cut connection is taken up where it ended,
 * also by a later call (`<name>.part`). Size and SHA-256 are checked when the server states them. Throws
 * DownloadError with a message for people.
 */
export async function downloadModel(options: DownloadOptions): Promise<string> {
  const name = decodeURIComponent(new URL(options.url).pathname.split('/').at(-1) ?? '');
  if (!/^[\w][\w.+-]*\.gguf$/i.test(name))
    throw new DownloadError(`${options.url} does not name a .gguf file`, false);
  await mkdir(options.folder, { recursive: true });
  const path = join(options.folder, name);
  const part = `${path}.part`;
  const attempts = options.attempts ?? ATTEMPTS;
  const stated = await statedHash(options.url);
  for (let attempt = 1; ; attempt += 1) {
    try {
      const facts = await fetchPart(part, options);
      const { total } = facts;
      const hash = stated ?? facts.hash;
      if (total !== null && (await sizeOf(part)) !== total)
        throw new DownloadError('the file ended early', true);
      if (hash !== null && (await sha256(part)) !== hash) {
        await rm(part);
        throw new DownloadError('the checksum of the file is wrong; it was thrown away', true);
      }
      await rename(part, path);
      return path;
    } catch (error) {
      if (!(error instanceof DownloadError) || !error.mayRetry || attempt >= attempts) throw error;
      const before = await sizeOf(part);
      // Unreachable hosts stay so; only what had begun is worth another try.
      if (before === 0 && attempt > 1) throw error;
    }
  }
}

/** The files of a hub repository. */
async function listFiles(repository: string, hub: string): Promise<string[]> {
  const url = `${hub}/api/models/${repository}/tree/main`;
  const { response } = await request(url, {});
  checkStatus(response, url);
  const text = await response.text();
  const tree = text.length > MAX_LIST ? null : treeSchema.safeParse(JSON.parse(text));
  if (tree?.success !== true)
    throw new DownloadError(`the list of files of ${repository} could not be read`, false);
  return tree.data.filter((file) => file.type === 'file').map((file) => file.path);
}

/**
 * The address behind what was typed: an http(s) address as it is, `hf:owner/repo/file.gguf`, or
 * `hf:owner/repo[:quant]`, which asks the hub for the repository's files (default quant Q4_K_M). `hub` is for
 * tests and mirrors. Throws DownloadError.
 */
export async function resolveSource(source: string, hub = HUB): Promise<string> {
  if (/^https?:\/\//.test(source) && URL.canParse(source)) return source;
  const match = /^hf:([\w.-]+\/[\w.-]+?)(?::([\w.-]+)|\/(.+\.gguf))?$/i.exec(source);
  if (match === null) {
    throw new DownloadError(
      `"${source}" is neither hf:owner/repo, hf:owner/repo:quant, hf:owner/repo/file.gguf nor an address`,
      false,
    );
  }
  const [, repository = '', quant = 'Q4_K_M', file] = match;
  if (file !== undefined) return `${hub}/${repository}/resolve/main/${file}`;
  const files = await listFiles(repository, hub);
  const wanted = files.filter((name) => name.toLowerCase().endsWith(`${quant.toLowerCase()}.gguf`));
  const [found] = wanted.sort((a, b) => a.length - b.length);
  if (found === undefined) {
    const there = files.filter((name) => name.endsWith('.gguf')).slice(0, 20);
    throw new DownloadError(
      `${repository} has no ${quant} file. It has: ${there.join(', ') || 'no .gguf files'}`,
      false,
    );
  }
  return `${hub}/${repository}/resolve/main/${found}`;
}
