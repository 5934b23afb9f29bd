import { startTaleloom } from './compose.ts';
import { ConfigError, readConfig, secretsOf, type Config } from './config.ts';
import { createLog } from './log.ts';
import { LogRing } from './log-ring.ts';
import { AppError } from '../sessions/errors.ts';

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Faults of listening, in words. */
const LISTEN_FAULTS: Record<string, string> = {
  EADDRINUSE:
    'Another program listens on this port already. Stop it, or set PORT to another number (PORT=0: any).',
  EADDRNOTAVAIL: 'HOST is not an address of this machine. Try HOST=127.0.0.1 or HOST=0.0.0.0.',
  EACCES: 'This port may not be used without more rights. Set PORT to a number above 1023.',
};

/** Prints what is wrong and ends with 1: a start that cannot succeed must not look like a crash. */
function giveUp(error: unknown): never {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const isKnown = error instanceof ConfigError || error instanceof AppError;
  const stack = error instanceof Error ? error.stack : String(error);
  process.stderr.write(`${isKnown ? error.message : (LISTEN_FAULTS[code] ?? stack)}\n`);
  process.exit(1);
}

function configure(): Config {
  const { config, warnings } = readConfig(process.env);
  for (const warning of warnings) process.stderr.write(`${warning}\n`);
  return config;
}

async function main(): Promise<void> {
  const config = configure();
  const ring = new LogRing();
  const log = createLog(config.operation.logLevel, { ring, secrets: secretsOf(config) });
  const taleloom = await startTaleloom(config, { log, ring, say });
  let stopping: Promise<void> | null = null;
  const stop = (signal: string) => {
    if (stopping !== null) return process.exit(1);
    say(
      `Stopping (${signal}): finishing running passages and storing everything. Press Ctrl+C again to force.`,
    );
    stopping = taleloom.close().then(() => process.exit(0), giveUp);
  };
  process.on('SIGINT', () => stop('Ctrl+C'));
  process.on('SIGTERM', () => stop('SIGTERM'));
  // A fault nobody caught means that memory may be wrong; the journal is right. End, and be started again.
  process.on('uncaughtException', (error) => {
    log.fatal({ err: error }, 'uncaught-exception');
    process.exit(70);
  });
}

main().catch(giveUp);
