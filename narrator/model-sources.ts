import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

const sourcesSchema = z.record(z.string(), z.string().regex(/^[^/\\]+\.gguf$/i));

async function readSources(folder: string): Promise<Record<string, string>> {
  try {
    return sourcesSchema.parse(JSON.parse(await readFile(join(folder, 'sources.json'), 'utf8')));
  } catch {
    return {};
  }
}

/** Remembers under which file name a source (`hf:owner/repo:quant`, an address) was saved in a model folder. */
export async function noteSource(folder: string, source: string, fileName: string): Promise<void> {
  const sources = { ...(await readSources(folder)), [source]: fileName };
  await writeFile(join(folder, 'sources.json'), `${JSON.stringify(sources, null, 2)}\n`);
}

/** Path of the file that was pulled from a source; null: it was not, or nothing was noted. */
export async function pulledFile(folder: string, source: string): Promise<string | null> {
  const name = (await readSources(folder))[source];
  return name === undefined ? null : join(folder, name);
}
