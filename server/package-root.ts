import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

function findRoot(folder: string): string {
  if (existsSync(join(folder, 'package.json'))) return folder;
  const parent = dirname(folder);
  return parent === folder ? process.cwd() : findRoot(parent);
}

/** Folder of package.json, from source and from dist alike: home of the bundled model and the built client. */
export const PACKAGE_ROOT = findRoot(dirname(fileURLToPath(import.meta.url)));
