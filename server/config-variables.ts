import { join, resolve } from 'node:path';
import { z } from 'zod';
import { QUEUE_POLICIES } from '../narrator/queue-policies.ts';
import { PACKAGE_ROOT } from './package-root.ts';

/** One environment variable: how it is read, and what people are told about it. */
export interface Variable<T> {
  section: 'Server' | 'Storage' | 'Narrator' | 'Moderation' | 'Limits' | 'Operation';
  /** What counts when it is not set; null: nothing. */
  default: string | null;
  /** What is allowed, in words that end the sentence "must be ...". */
  rule: string;
  /** A value that works. */
  example: string;
  description: string;
  /** From the text of the variable, or null when it is neither set nor has a default. */
  schema: z.ZodType<T, string | null>;
  /** Its value never shows in messages. */
  isSecret?: true;
}

type Texts = Pick<Variable<unknown>, 'section' | 'default' | 'example' | 'description'>;

function integer(min: number, max: number, texts: Texts): Variable<number> {
  const schema = z.string().regex(/^\d+$/).transform(Number).pipe(z.number().min(min).max(max));
  return { rule: `a whole number from ${min} to ${max}`, schema: required(schema), ...texts };
}

function choice<const T extends string>(options: readonly [T, ...T[]], texts: Texts): Variable<T> {
  return { rule: `one of: ${options.join(', ')}`, schema: required(z.enum(options)), ...texts };
}

function required<T>(schema: z.ZodType<T, string>): z.ZodType<T, string | null> {
  return z.preprocess((value) => value ?? '', schema);
}

function secret(minLength: number, texts: Texts): Variable<string | null> {
  const schema = z.string().min(minLength).max(4_096).regex(/^\S+$/).nullable();
  return { rule: `at least ${minLength} characters without spaces`, schema, isSecret: true, ...texts };
}

const httpUrl = z
  .string()
  .refine((text) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol), { abort: true });
/** Without TLS what a login server says could come from anybody on the way. */
const isSafeIssuer = (text: string): boolean =>
  /^https:/.test(text) || ['localhost', '127.0.0.1', '[::1]'].includes(new URL(text).hostname);
const path = z.string().min(1).max(4_096);
const MODEL_ADDRESS = /^[a-z]+:/i;
const BUNDLED_MODEL = 'narrator/models/storyteller-tiny-q8_0.gguf';

const server = {
  HOST: {
    section: 'Server',
    default: '127.0.0.1',
    rule: 'a host name or IP address of this machine',
    example: '0.0.0.0',
    description: 'Address to listen on. `0.0.0.0` lets other machines in.',
    schema: required(z.string().regex(/^[\w.:-]+$/)),
  },
  PORT: integer(0, 65_535, {
    section: 'Server',
    default: '3000',
    example: '8080',
    description: 'Port to listen on; 0 takes any free one.',
  }),
  PUBLIC_URL: {
    section: 'Server',
    default: null,
    rule: 'an http or https address without a path',
    example: 'https://tales.example.org',
    description:
      'Address at which players open Taleloom, for links and the origin check. Unset: as the browser asks.',
    schema: httpUrl
      .refine((text) => new URL(text).pathname === '/' && new URL(text).search === '')
      .transform((text) => new URL(text).origin)
      .nullable(),
  },
  TRUST_PROXY: integer(0, 10, {
    section: 'Server',
    default: '0',
    example: '1',
    description: 'Reverse proxies in front of the server whose forwarding headers are believed.',
  }),
  SESSION_SECRET: secret(32, {
    section: 'Server',
    default: null,
    example: 'the output of: openssl rand -hex 32',
    description: 'Key that signs session tickets. Unset: made once and kept in `DATA_DIR/secret`.',
  }),
} satisfies Record<string, Variable<unknown>>;

const storage = {
  DATA_DIR: {
    section: 'Storage',
    default: './data',
    rule: 'a folder the server may write to',
    example: '/var/lib/taleloom',
    description: 'Folder of the database and the secret; made if it does not exist.',
    schema: required(path.transform((text) => resolve(text))),
  },
  DURABILITY: choice(['power', 'process'], {
    section: 'Storage',
    default: 'power',
    example: 'process',
    description:
      'What stored words survive: loss of power, or only the death of the process (faster on slow disks).',
  }),
} satisfies Record<string, Variable<unknown>>;

const narrator = {
  NARRATOR: choice(['on', 'off'], {
    section: 'Narrator',
    default: 'on',
    example: 'off',
    description: 'Whether there is an AI narrator.',
  }),
  MODEL: {
    section: 'Narrator',
    default: BUNDLED_MODEL,
    rule: 'the path or address of a GGUF file',
    example: 'narrator/models/my-model.gguf',
    description: 'Language model of the narrator. The default is a tiny demo model that comes with Taleloom.',
    schema: required(
      path.transform((text) => {
        if (MODEL_ADDRESS.test(text)) return text;
        return text === BUNDLED_MODEL ? join(PACKAGE_ROOT, BUNDLED_MODEL) : resolve(text);
      }),
    ),
  },
  MODEL_CONTEXT: {
    ...integer(512, 1_048_576, {
      section: 'Narrator',
      default: null,
      example: '8192',
      description: 'Tokens the model sees at once, per turn. Unset: what the model and the memory allow.',
    }),
    schema: z.string().regex(/^\d+$/).transform(Number).pipe(z.number().min(512).max(1_048_576)).nullable(),
  },
  MODEL_PARALLEL: integer(1, 16, {
    section: 'Narrator',
    default: '4',
    example: '2',
    description: 'Narrator turns generated at the same time.',
  }),
  MODEL_RESIDENT: {
    ...integer(1, 256, {
      section: 'Narrator',
      default: null,
      example: '16',
      description:
        'Stories whose text the model keeps ready, so that going on costs little. Each takes memory. Unset: four for each parallel turn.',
    }),
    schema: z.string().regex(/^\d+$/).transform(Number).pipe(z.number().min(1).max(256)).nullable(),
  },
  NARRATOR_QUEUE: choice(QUEUE_POLICIES, {
    section: 'Narrator',
    default: 'fair',
    example: 'first-come',
    description:
      'Who is next: `fair` shares the engine evenly between creators of sessions, sessions and players. The others are there to compare with.',
  }),
  OPENAI_BASE_URL: {
    section: 'Narrator',
    default: null,
    rule: 'an http or https address',
    example: 'http://127.0.0.1:8000/v1',
    description: 'Use an OpenAI-compatible server (vLLM, llama-server, Ollama) instead of `MODEL`.',
    schema: httpUrl.transform((text) => text.replace(/\/+$/, '')).nullable(),
  },
  OPENAI_API_KEY: secret(1, {
    section: 'Narrator',
    default: null,
    example: 'the key of that server',
    description: 'Key for the OpenAI-compatible server.',
  }),
  OPENAI_MODEL: {
    section: 'Narrator',
    default: null,
    rule: 'the name of a model of that server, up to 200 characters',
    example: 'qwen3-8b',
    description: 'Model to ask of the OpenAI-compatible server. Unset: the first one it lists.',
    schema: z.string().min(1).max(200).nullable(),
  },
  SCRIPTED_NARRATOR: {
    section: 'Narrator',
    default: null,
    rule: 'the path of a JSON file with a list of texts, or of {text, pieceMs}',
    example: 'test/support/narrator-texts.json',
    description: 'Only for tests: the narrator recites these texts instead of using a model.',
    schema: path.transform((text) => resolve(text)).nullable(),
  },
} satisfies Record<string, Variable<unknown>>;

const moderation = {
  MODERATION_POLICY: {
    section: 'Moderation',
    default: null,
    rule: 'the path of a YAML file',
    example: '/etc/taleloom/policy.yaml',
    description: 'Policy by which texts are judged. Unset: the one that comes with Taleloom.',
    schema: path.transform((text) => resolve(text)).nullable(),
  },
  MODERATION_ENCODER: choice(['auto', 'off'], {
    section: 'Moderation',
    default: 'auto',
    example: 'off',
    description:
      'Whether the sentence encoder is used where it is installed: it finds lines and veils in other words too, and takes about 200 MB of memory.',
  }),
  MODERATION_JUDGE: choice(['off', 'narrator', 'endpoint'], {
    section: 'Moderation',
    default: 'off',
    example: 'narrator',
    description:
      'Who is asked about texts that the quick checks are not certain of: nobody, the model of the narrator, or the server at `MODERATION_ENDPOINT_URL`.',
  }),
  MODERATION_ENDPOINT_URL: {
    section: 'Moderation',
    default: null,
    rule: 'an http or https address',
    example: 'http://127.0.0.1:8001/v1',
    description:
      'Server with the moderation interface of OpenAI (`/v1/moderations`). It sees the texts: choose one that you trust.',
    schema: httpUrl.transform((text) => text.replace(/\/+$/, '')).nullable(),
  },
  MODERATION_ENDPOINT_KEY: secret(1, {
    section: 'Moderation',
    default: null,
    example: 'the key of that server',
    description: 'Key for the server that judges texts.',
  }),
  MODERATION_LOG_DAYS: integer(1, 3_650, {
    section: 'Moderation',
    default: '90',
    example: '30',
    description: 'Days that moderation decisions, reviews and labelled texts are kept.',
  }),
} satisfies Record<string, Variable<unknown>>;

const TENANT_WEIGHT = /^([0-9a-f]{8,64})=([124])$/;

const limits = {
  PLAYER_TOKENS_PER_HOUR: integer(0, 1_000_000_000, {
    section: 'Limits',
    default: '200000',
    example: '50000',
    description: 'Tokens that the narrator may read and write for one player in an hour; 0: no limit.',
  }),
  SESSION_TOKENS_PER_HOUR: integer(0, 1_000_000_000, {
    section: 'Limits',
    default: '800000',
    example: '200000',
    description: 'Tokens that the narrator may read and write for one session in an hour; 0: no limit.',
  }),
  TENANT_WEIGHTS: {
    section: 'Limits',
    default: null,
    rule: 'a list of tenants with weights 1, 2 or 4, a tenant by at least its first 8 characters',
    example: '3f2a9c01d4e7=2,77ab01e2c3d4=4',
    description:
      'Larger shares of the narrator for creators of sessions (tenants), who are listed at `/api/ops/status`. Everybody else has 1.',
    schema: required(
      z
        .string()
        .max(10_000)
        .transform((text) => text.split(',').map((part) => part.trim()))
        .transform((parts) => parts.filter((part) => part !== ''))
        .refine((parts) => parts.every((part) => TENANT_WEIGHT.test(part)))
        .transform((parts) =>
          parts.map((part) => {
            const [, prefix = '', weight = '1'] = TENANT_WEIGHT.exec(part) ?? [];
            return { prefix, weight: Number(weight) };
          }),
        ),
    ),
  },
  TICK_MS: integer(10, 50, {
    section: 'Limits',
    default: '33',
    example: '16',
    description: 'Milliseconds in which edits are gathered before they are stored and shown together.',
  }),
  EDITS_PER_SECOND: integer(1, 1_000_000, {
    section: 'Limits',
    default: '20',
    example: '40',
    description: 'Document messages a second that one connection may send for long.',
  }),
  EDIT_BURST: integer(1, 1_000_000, {
    section: 'Limits',
    default: '60',
    example: '120',
    description: 'Document messages that one connection may send at once.',
  }),
  NARRATOR_ASKS_PER_MINUTE: integer(1, 1_000, {
    section: 'Limits',
    default: '6',
    example: '12',
    description: 'Narrator requests a minute of one player.',
  }),
  SESSIONS_PER_MINUTE: integer(1, 100_000, {
    section: 'Limits',
    default: '2',
    example: '10',
    description: 'Sessions that one address may create a minute.',
  }),
  JOINS_PER_MINUTE: integer(1, 100_000, {
    section: 'Limits',
    default: '30',
    example: '100',
    description: 'Joins a minute from one address.',
  }),
} satisfies Record<string, Variable<unknown>>;

const operation = {
  LOG_LEVEL: choice(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], {
    section: 'Operation',
    default: 'info',
    example: 'debug',
    description: 'Least important log lines that are written.',
  }),
  SESSION_IDLE_UNLOAD_SECONDS: integer(1, 86_400, {
    section: 'Operation',
    default: '300',
    example: '60',
    description: 'How long a session without players stays in memory.',
  }),
  SHUTDOWN_SECONDS: integer(1, 300, {
    section: 'Operation',
    default: '20',
    example: '60',
    description: 'How long a stopping server waits for running work.',
  }),
  METRICS_TOKEN: secret(16, {
    section: 'Operation',
    default: null,
    example: 'the output of: openssl rand -hex 16',
    description: 'Bearer token for `/metrics`. Unset: only requests from this machine are answered.',
  }),
  OPERATOR_TOKEN: secret(16, {
    section: 'Operation',
    default: null,
    example: 'the output of: openssl rand -hex 16',
    description:
      'Bearer token for what operators may do: flags, screening, the moderation log. Unset: closed, also to requests from this machine.',
  }),
  OIDC_ISSUER: {
    section: 'Operation',
    default: null,
    rule: 'an https address, or an http one of this machine',
    example: 'https://login.example.org/realms/tales',
    description:
      'Login server (OpenID Connect) for operators at `/ops`; needs `OIDC_CLIENT_ID` and `OIDC_OPERATORS`. Its redirect address is `/api/ops/login/oidc/callback`. Unset: only the token lets in.',
    schema: httpUrl.refine(isSafeIssuer).nullable(),
  },
  OIDC_CLIENT_ID: {
    section: 'Operation',
    default: null,
    rule: 'up to 500 characters without spaces',
    example: 'taleloom',
    description: 'Name under which the login server knows this server.',
    schema: z.string().max(500).regex(/^\S+$/).nullable(),
  },
  OIDC_CLIENT_SECRET: secret(1, {
    section: 'Operation',
    default: null,
    example: 'what the login server gave out for it',
    description: 'Secret of this server at the login server. Unset: it is a public client (PKCE alone).',
  }),
  OIDC_OPERATORS: {
    section: 'Operation',
    default: null,
    rule: 'a list of e-mail addresses or subjects',
    example: 'ann@example.org,f3b1c2d4',
    description:
      'Who is an operator. An address counts only where the login server says that it has verified it.',
    schema: required(
      z
        .string()
        .max(20_000)
        .transform((text) => text.split(',').map((part) => part.trim()))
        .transform((parts) => parts.filter((part) => part !== '')),
    ),
  },
  OTEL_EXPORTER_OTLP_ENDPOINT: {
    section: 'Operation',
    default: null,
    rule: 'an http or https address',
    example: 'http://127.0.0.1:4318',
    description:
      'OpenTelemetry collector (OTLP over HTTP) that gets a trace of each narrator turn worth keeping. Unset: no traces.',
    schema: httpUrl.transform((text) => text.replace(/\/+$/, '')).nullable(),
  },
} satisfies Record<string, Variable<unknown>>;

/** Every variable the server reads: the single source of parsing and of the table in README.md. */
export const VARIABLES = { ...server, ...storage, ...narrator, ...moderation, ...limits, ...operation };

/** What each variable is once read. */
export type Values = { [N in keyof typeof VARIABLES]: z.output<(typeof VARIABLES)[N]['schema']> };
