import { createHash } from 'node:crypto';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runModelCli } from '../../narrator/model-cli.ts';
import { downloadModel, resolveSource } from '../../narrator/model-download.ts';

const FILE = Buffer.from(Array.from({ length: 300_000 }, (_, at) => (at * 7) % 251));
const HASH = createHash('sha256').update(FILE).digest('hex');
const closers: (() => Promise<unknown>)[] = [];
let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'models-'));
});
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
  await rm(folder, { recursive: true });
});

async function serve(handler: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  const server = createServer(handler);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A file server that knows ranges and cuts its first `cuts` connections in the middle. */
function files(options: { cuts?: number; etag?: string; ranges: string[] }) {
  let cuts = options.cuts ?? 0;
  return (request: IncomingMessage, response: ServerResponse) => {
    const headers = { etag: `"${options.etag ?? HASH}"` };
    if (request.method === 'HEAD') return void response.writeHead(200, headers).end();
    options.ranges.push(request.headers.range ?? '');
    const from = Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0);
    const range = { 'content-range': `bytes ${from}-${FILE.length - 1}/${FILE.length}` };
    if (from > 0) response.writeHead(206, { ...headers, ...range, 'content-length': FILE.length - from });
    else response.writeHead(200, { ...headers, 'content-length': FILE.length });
    if (cuts === 0) return void response.end(FILE.subarray(from));
    cuts -= 1;
    response.write(FILE.subarray(from, from + 100_000), () => response.destroy());
  };
}

describe('model download', () => {
  it('saves the file, tells the progress and leaves nothing else behind', async () => {
    const base = await serve(files({ ranges: [] }));
    const seen: [number, number | null][] = [];
    const url = `${base}/models/a-b.Q4_K_M.gguf?download=true`;
    const path = await downloadModel({ url, folder, progress: (bytes, total) => seen.push([bytes, total]) });
    expect(path).toBe(join(folder, 'a-b.Q4_K_M.gguf'));
    expect(await readFile(path)).toEqual(FILE);
    expect(seen.at(-1)).toEqual([FILE.length, FILE.length]);
    expect(await readdir(folder)).toEqual(['a-b.Q4_K_M.gguf']);
  });

  it('goes on where a cut connection ended', async () => {
    const ranges: string[] = [];
    const base = await serve(files({ cuts: 2, ranges }));
    const path = await downloadModel({ url: `${base}/m.gguf`, folder, progress: () => {} });
    expect(await readFile(path)).toEqual(FILE);
    expect(ranges.length).toBe(3);
    expect(ranges[0]).toBe('');
    expect(ranges[1]).toMatch(/^bytes=\d+-$/);
  });

  it('goes on with what an earlier call left, and starts over when that does not fit', async () => {
    const ranges: string[] = [];
    const base = await serve(files({ ranges }));
    await writeFile(join(folder, 'm.gguf.part'), FILE.subarray(0, 5_000));
    expect(
      await readFile(await downloadModel({ url: `${base}/m.gguf`, folder, progress: () => {} })),
    ).toEqual(FILE);
    expect(ranges).toEqual(['bytes=5000-']);
    await writeFile(join(folder, 'n.gguf.part'), Buffer.alloc(5_000));
    expect(
      await readFile(await downloadModel({ url: `${base}/n.gguf`, folder, progress: () => {} })),
    ).toEqual(FILE);
    expect(ranges.slice(1)).toEqual(['bytes=5000-', '']);
  });

  it('throws a file with a wrong checksum away', async () => {
    const base = await serve(files({ ranges: [], etag: '0'.repeat(64) }));
    const download = downloadModel({ url: `${base}/m.gguf`, folder, progress: () => {}, attempts: 2 });
    await expect(download).rejects.toThrow('the checksum of the file is wrong');
    expect(await readdir(folder)).toEqual([]);
  });

  it('finds the wanted file of a hub repository', async () => {
    const tree = ['README.md', 'm-q8_0.gguf', 'm-q4_k_m.gguf'].map((path) => ({ path, type: 'file' }));
    const hub = await serve((_, response) => response.end(JSON.stringify(tree)));
    expect(await resolveSource('hf:owner/repo', hub)).toBe(`${hub}/owner/repo/resolve/main/m-q4_k_m.gguf`);
    expect(await resolveSource('hf:owner/repo:Q8_0', hub)).toBe(`${hub}/owner/repo/resolve/main/m-q8_0.gguf`);
    expect(await resolveSource('hf:owner/repo/x/y.gguf')).toBe(
      'https://huggingface.co/owner/repo/resolve/main/x/y.gguf',
    );
    await expect(resolveSource('hf:owner/repo:Q2', hub)).rejects.toThrow(
      'It has: m-q8_0.gguf, m-q4_k_m.gguf',
    );
    await expect(resolveSource('owner/repo')).rejects.toThrow('neither');
  });
});

describe('model command', () => {
  async function run(...args: string[]): Promise<{ code: number; text: string }> {
    const lines: string[] = [];
    const code = await runModelCli(args, {
      print: (line) => lines.push(line),
      overwrite: null,
      folder,
      env: {},
    });
    return { code, text: lines.join('\n') };
  }

  it('lists suggestions and what is there', async () => {
    await writeFile(join(folder, 'mine.gguf'), Buffer.alloc(2_000_000));
    const { code, text } = await run('list');
    expect(code).toBe(0);
    expect(text).toContain('Apache-2.0');
    expect(text).toContain('mine.gguf  2.0 MB');
  });

  it('says what is wrong: a missing file, no network, no such command', async () => {
    const base = await serve((_, response) => void response.writeHead(404).end());
    expect(await run('pull', `${base}/m.gguf`)).toMatchObject({
      code: 1,
      text: expect.stringContaining('has no such file') as string,
    });
    const offline = await run('pull', 'http://127.0.0.1:1/m.gguf');
    expect(offline.code).toBe(1);
    expect(offline.text).toMatch(
      /Failed: could not reach host 127\.0\.0\.1:1: .+\. Put the \.gguf file into narrator\/models\/ yourself and start with MODEL=path/,
    );
    expect((await run('dance')).code).toBe(2);
  });

  it('tests the bundled model', async () => {
    const { code, text } = await run('test');
    expect(text).toMatch(/tokens a second/);
    expect(code).toBe(0);
  });
});
