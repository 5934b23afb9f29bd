// Writes the table of settings into README.md, or with --check fails when it is out of step.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = new URL('../', import.meta.url);
const compiled = fileURLToPath(new URL('dist/server/config.js', root));
const readme = fileURLToPath(new URL('README.md', root));

function fail(message) {
  console.error(message);
  process.exit(1);
}

if (!existsSync(compiled)) fail('dist/server/config.js is missing. Run: npm run build');
const { configTable } = await import(compiled);
const text = readFileSync(readme, 'utf8');
const marked = /(<!-- config:begin -->)[^]*(<!-- config:end -->)/;
if (!marked.test(text)) fail('README.md has no <!-- config:begin --> and <!-- config:end --> markers.');
const updated = text.replace(marked, (_all, begin, end) => `${begin}\n\n${configTable()}\n\n${end}`);

if (updated === text) console.log('The table of settings in README.md is up to date.');
else if (process.argv.includes('--check'))
  fail('The table of settings is out of step. Run: npm run docs:config');
else {
  writeFileSync(readme, updated);
  console.log('The table of settings in README.md was rewritten.');
}
