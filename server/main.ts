import { startTaleloom } from './compose.ts';
import { ConfigError, readConfig, type Config } from './config.ts';
import { createLog } from './log.ts';
import { AppError } from '../sessions/errors.ts';

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Prints what is wrong and ends with 1: a start that cannot succeed must not look like a crash. */
function giveUp(error: unknown): never {
  const known = error instanceof ConfigError || error instanceof AppError;
  process.stderr.write(`${known ? error.message : String((error as Error | null)?.stack ?? error)}\n`);
  process.exit(1);
}

function configure(): Config {
  const { config, warnings } = readConfig(process.env);
  for (const warning of warnings) process.stderr.write(`${warning}\n`);
  return config;
}

async function main(): Promise<void> {
  const config = configure();
  const log = createLog(config.operation.logLevel);
  const taleloom = await startTaleloom(config, { log, say });
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
