// Writes what follows from the definitions in server/observability: the metric registry, the rules and their tests,
// the settings of Prometheus and Alertmanager, the boards of Grafana and the tables in the documents. With --check it
// fails when any of them is out of step. Run it with tsx: npm run docs:observability
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import prettier from 'prettier';
import { alertmanagerFiles } from '../server/observability/alertmanager.ts';
import { prometheusFiles } from '../server/observability/alerts.ts';
import { documentParts } from '../server/observability/documents.ts';
import { grafanaFiles } from '../server/observability/grafana.ts';
import { lostMetrics, registryFiles, REGISTRY } from '../server/observability/metric-registry.ts';

const root = fileURLToPath(new URL('../', import.meta.url));
const isCheck = process.argv.includes('--check');

function fail(message) {
  console.error(message);
  process.exit(1);
}

const read = (path) => (existsSync(join(root, path)) ? readFileSync(join(root, path), 'utf8') : '');

/** A document with a marked part replaced. */
function withPart({ path, mark, text }) {
  const marked = new RegExp(`(<!-- ${mark}:begin -->)[^]*(<!-- ${mark}:end -->)`);
  const whole = read(path);
  if (!marked.test(whole)) fail(`${path} has no <!-- ${mark}:begin --> and <!-- ${mark}:end --> markers.`);
  return { path, text: whole.replace(marked, (_all, begin, end) => `${begin}\n\n${text}\n\n${end}`) };
}

/** As `npm run format` would leave it; what Prettier does not know stays as it is. */
async function formatted({ path, text }) {
  const { ignored, inferredParser } = await prettier.getFileInfo(path, {
    ignorePath: join(root, '.prettierignore'),
  });
  if (ignored || inferredParser === null) return { path, text };
  const style = (await prettier.resolveConfig(join(root, path))) ?? {};
  return { path, text: await prettier.format(text, { ...style, filepath: path }) };
}

const lost = lostMetrics(JSON.parse(read(REGISTRY) || '{"metrics":[]}').metrics);
if (lost.length > 0)
  fail(
    `Others rely on ${lost.join(', ')}: retire them in server/observability/metric-registry.ts, with what tells the same.`,
  );

const files = [
  ...registryFiles(),
  ...prometheusFiles(),
  ...alertmanagerFiles(),
  ...grafanaFiles(),
  ...documentParts().map(withPart),
];
const changed = (await Promise.all(files.map(formatted))).filter(({ path, text }) => text !== read(path));

if (changed.length === 0) console.log(`${files.length} generated files are up to date.`);
else if (isCheck) {
  fail(`Out of step: ${changed.map(({ path }) => path).join(', ')}. Run: npm run docs:observability`);
}
for (const { path, text } of changed) {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
  console.log(`${path} was rewritten.`);
}
