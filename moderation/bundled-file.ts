import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Path of a file of this folder, from source and from dist/ alike: what is no code stays beside package.json. */
export function bundledFile(name: string): string {
  let root: string = import.meta.dirname;
  while (!existsSync(join(root, 'package.json')) && dirname(root) !== root) root = dirname(root);
  return join(root, 'moderation', name);
}
