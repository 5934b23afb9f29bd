type Cleanup = () => void;

const pending = new Set<Cleanup>();

/** Have something undone when this process ends in any way but a crash; returns how to call that off. */
export function atExit(cleanup: Cleanup): () => void {
  pending.add(cleanup);
  return () => pending.delete(cleanup);
}

process.on('exit', () => {
  for (const cleanup of pending) cleanup();
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => process.exit(130));
