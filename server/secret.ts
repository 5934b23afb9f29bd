import { randomBytes } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../sessions/errors.ts';

const MIN_LENGTH = 32;

/**
 * The key that signs tickets: `configured`, or the one in `<dataDir>/secret`, which is made on first use,
 * readable by the server's account only. Throws AppError STORAGE_UNAVAILABLE naming the file.
 */
export async function loadSecret(dataDir: string, configured: string | null): Promise<string> {
  if (configured !== null) return configured;
  const file = join(dataDir, 'secret');
  try {
    await mkdir(dataDir, { recursive: true });
    const secret = (await readIfThere(file)) ?? (await make(file));
    if (secret.length >= MIN_LENGTH) return secret;
  } catch (cause) {
    throw new AppError('STORAGE_UNAVAILABLE', { detail: `cannot read or make the secret ${file}`, cause });
  }
  const detail = `the secret in ${file} is shorter than ${MIN_LENGTH} characters; delete the file to get a new one`;
  throw new AppError('STORAGE_UNAVAILABLE', { detail });
}

async function readIfThere(file: string): Promise<string | null> {
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}

/** Written beside and linked into place: a crash leaves no half secret, and of two servers one wins. */
async function make(file: string): Promise<string> {
  const draft = `${file}.${randomBytes(6).toString('hex')}.new`;
  await writeFile(draft, `${randomBytes(32).toString('hex')}\n`, { mode: 0o600, flush: true });
  try {
    await link(draft, file);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  } finally {
    await rm(draft, { force: true });
  }
  return (await readFile(file, 'utf8')).trim();
}
