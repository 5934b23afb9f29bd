import { VARIABLES, type Values, type Variable } from './config-variables.ts';

/** The settings of this server, frozen; parts of it are handed to those who need them. */
export type Config = ReturnType<typeof arrange>;

/** Settings that cannot work. `message` is meant for a terminal: every problem with its rule and an example. */
export class ConfigError extends Error {
  constructor(problems: readonly string[]) {
    const count = problems.length === 1 ? 'a setting is' : `${problems.length} settings are`;
    super(`Taleloom cannot start: ${count} wrong.\n\n${problems.join('\n\n')}`);
    this.name = 'ConfigError';
  }
}

/** Settings of the distributed deployment, which this version does not have. */
const SINGLE_MACHINE = ['REDIS_URL', 'DATABASE_URL'];
/** Variables that Kubernetes makes up for a service called `taleloom`. */
const KUBERNETES = /^TALELOOM_(SERVICE_(HOST|PORT\w*)|PORT(_\d+_\w+)?)$/;

/**
 * Reads all settings. Throws ConfigError with every problem at once. `warnings` are sentences about variables
 * that look like settings of Taleloom and are none.
 */
export function readConfig(env: Readonly<Record<string, string | undefined>>): {
  config: Config;
  warnings: string[];
} {
  const problems = singleMachineProblems(env);
  const values: Record<string, unknown> = {};
  for (const [name, variable] of Object.entries<Variable<unknown>>(VARIABLES)) {
    const text = env[name] === undefined || env[name] === '' ? null : env[name];
    const parsed = variable.schema.safeParse(text ?? variable.default);
    if (parsed.success) values[name] = parsed.data;
    else problems.push(describeProblem(name, variable, text));
  }
  if (problems.length === 0) problems.push(...combinationProblems(values as Values));
  if (problems.length > 0) throw new ConfigError(problems);
  // The loop above has parsed every variable by its own schema.
  return { config: freeze(arrange(values as Values)), warnings: probableTypos(env) };
}

/** The settings as Markdown, one table per section, for README.md. */
export function configTable(): string {
  const variables = Object.entries<Variable<unknown>>(VARIABLES);
  const sections = [...new Set(variables.map(([, variable]) => variable.section))];
  return sections.map((section) => sectionTable(section, variables)).join('\n\n');
}

function arrange(values: Values) {
  return {
    http: {
      host: values.HOST,
      port: values.PORT,
      /** Origin without a trailing slash; null: derived from each request. */
      publicUrl: values.PUBLIC_URL,
      trustProxy: values.TRUST_PROXY,
    },
    /** Signs tickets; null: the one kept in the data folder. */
    sessionSecret: values.SESSION_SECRET,
    storage: { dataDir: values.DATA_DIR, durability: values.DURABILITY },
    narrator: {
      isOn: values.NARRATOR === 'on',
      /** Absolute path, or an address with a scheme. */
      model: values.MODEL,
      modelContext: values.MODEL_CONTEXT,
      modelParallel: values.MODEL_PARALLEL,
      modelResident: values.MODEL_RESIDENT,
      queue: values.NARRATOR_QUEUE,
      /** Counts before `model` when set. */
      openai: openaiOf(values),
      /** Counts before both when set. */
      scriptPath: values.SCRIPTED_NARRATOR,
    },
    moderation: {
      /** Absolute path; null: the bundled one. */
      policyFile: values.MODERATION_POLICY,
      encoder: values.MODERATION_ENCODER,
      judge: values.MODERATION_JUDGE,
      /** Set when the judge is 'endpoint'. */
      endpoint: endpointOf(values),
      logDays: values.MODERATION_LOG_DAYS,
    },
    limits: {
      tickMs: values.TICK_MS,
      editsPerSecond: values.EDITS_PER_SECOND,
      editBurst: values.EDIT_BURST,
      narratorAsksPerMinute: values.NARRATOR_ASKS_PER_MINUTE,
      sessionsPerMinute: values.SESSIONS_PER_MINUTE,
      joinsPerMinute: values.JOINS_PER_MINUTE,
    },
    /** Tokens an hour; null: no limit. */
    budgets: {
      playerPerHour: values.PLAYER_TOKENS_PER_HOUR || null,
      sessionPerHour: values.SESSION_TOKENS_PER_HOUR || null,
    },
    tenantWeights: values.TENANT_WEIGHTS,
    operation: {
      logLevel: values.LOG_LEVEL,
      sessionIdleUnloadMs: values.SESSION_IDLE_UNLOAD_SECONDS * 1_000,
      shutdownMs: values.SHUTDOWN_SECONDS * 1_000,
      metricsToken: values.METRICS_TOKEN,
      /** Opens the operators' interface; null: it is closed. */
      operatorToken: values.OPERATOR_TOKEN,
      /** Null: operators come in by the token alone. */
      oidc: oidcOf(values),
      /** Without a trailing slash; null: no traces. */
      otlpEndpoint: values.OTEL_EXPORTER_OTLP_ENDPOINT,
    },
  } as const;
}

function openaiOf(values: Values): { baseUrl: string; apiKey: string | null; model: string | null } | null {
  const { OPENAI_BASE_URL: baseUrl, OPENAI_MODEL: model, OPENAI_API_KEY: apiKey } = values;
  return baseUrl === null ? null : { baseUrl, apiKey, model };
}

function endpointOf(values: Values): { baseUrl: string; apiKey: string | null } | null {
  const { MODERATION_ENDPOINT_URL: baseUrl, MODERATION_ENDPOINT_KEY: apiKey } = values;
  return values.MODERATION_JUDGE !== 'endpoint' || baseUrl === null ? null : { baseUrl, apiKey };
}

/** All secrets among the settings; none of them is to be seen anywhere. */
export function secretsOf({ sessionSecret, narrator, moderation, operation }: Config): string[] {
  const { operatorToken, metricsToken, oidc } = operation;
  const keys = [narrator.openai?.apiKey, moderation.endpoint?.apiKey, oidc?.clientSecret];
  return [sessionSecret, operatorToken, metricsToken, ...keys].filter((secret) => typeof secret === 'string');
}

/** A login server for operators, as configured. */
export interface OidcSettings {
  issuer: string;
  clientId: string;
  clientSecret: string | null;
  /** E-mail addresses and subjects. */
  operators: readonly string[];
}

function oidcOf(values: Values): OidcSettings | null {
  const { OIDC_ISSUER: issuer, OIDC_CLIENT_ID: clientId, OIDC_CLIENT_SECRET: clientSecret } = values;
  if (issuer === null || clientId === null) return null;
  return { issuer, clientId, clientSecret, operators: values.OIDC_OPERATORS };
}

/** Settings that are right one by one but not together. */
function combinationProblems(values: Values): string[] {
  const { MODERATION_JUDGE: judge, MODERATION_ENDPOINT_URL: endpoint, OIDC_ISSUER: issuer } = values;
  const problems: string[] = [];
  if (judge === 'endpoint' && endpoint === null)
    problems.push(missingProblem('MODERATION_ENDPOINT_URL', 'MODERATION_JUDGE=endpoint'));
  if (issuer !== null && values.OIDC_CLIENT_ID === null)
    problems.push(missingProblem('OIDC_CLIENT_ID', 'OIDC_ISSUER'));
  if (issuer !== null && values.OIDC_OPERATORS.length === 0)
    problems.push(missingProblem('OIDC_OPERATORS', 'OIDC_ISSUER'));
  return problems;
}

function missingProblem(name: keyof typeof VARIABLES, neededBy: string): string {
  const { rule, example } = VARIABLES[name];
  return [
    `  ${name} is not set, and ${neededBy} needs it`,
    `    must be ${rule}`,
    `    for example ${name}=${example}`,
  ].join('\n');
}

function describeProblem(name: string, variable: Variable<unknown>, text: string | null): string {
  const shown = variable.isSecret === true || text === null ? '' : ` is "${text.slice(0, 200)}"`;
  return [
    `  ${name}${shown}`,
    `    must be ${variable.rule}`,
    `    for example ${name}=${variable.example}`,
  ].join('\n');
}

function singleMachineProblems(env: Readonly<Record<string, string | undefined>>): string[] {
  return SINGLE_MACHINE.filter((name) => (env[name] ?? '') !== '').map((name) =>
    [
      `  ${name} is set`,
      '    must be unset: this version of Taleloom runs on a single machine with its own database file',
      `    for example unset ${name}`,
    ].join('\n'),
  );
}

function probableTypos(env: Readonly<Record<string, string | undefined>>): string[] {
  return Object.keys(env)
    .filter((name) => name.startsWith('TALELOOM_') && !KUBERNETES.test(name))
    .map((name) => {
      const wanted = closestName(name.slice('TALELOOM_'.length));
      return `${name} is not a setting and has no effect. Did you mean ${wanted}?`;
    });
}

function closestName(text: string): string {
  const distances = Object.keys(VARIABLES).map((name) => ({ name, distance: editDistance(text, name) }));
  return distances.reduce((best, each) => (each.distance < best.distance ? each : best)).name;
}

/** Letters to add, remove or replace to get from one word to the other. */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [index, letter] of [...from].entries()) {
    const next = [index + 1];
    for (const [column, other] of [...to].entries()) {
      const replaced = (row[column] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(replaced, (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}

function sectionTable(section: string, variables: readonly [string, Variable<unknown>][]): string {
  const rows = variables
    .filter(([, variable]) => variable.section === section)
    .map(([name, { default: preset, rule, description }]) => {
      return `| \`${name}\` | ${preset === null ? 'unset' : `\`${preset}\``} | ${rule} | ${description} |`;
    });
  return [
    `**${section}**`,
    '',
    '| Variable | Default | Allowed | What it does |',
    '|---|---|---|---|',
    ...rows,
  ].join('\n');
}

function freeze<T extends object>(value: T): T {
  for (const part of Object.values(value))
    if (typeof part === 'object' && part !== null) freeze(part as object);
  return Object.freeze(value);
}
