import { setTimeout as delay } from 'node:timers/promises';
import type { BenchClient } from './bench-client.ts';

/** Throws when a client has lost its connection. */
export function assertConnected(clients: readonly BenchClient[]): void {
  const lost = clients.find((client) => client.failure !== null);
  if (lost !== undefined) throw new Error(`a client lost its connection: ${lost.failure}`);
}

/** Wait for a condition between clients; throws at the deadline, or when one of them lost its connection. */
export async function until(
  what: string,
  condition: () => boolean,
  { clients, deadlineMs = 30_000 }: { clients: readonly BenchClient[]; deadlineMs?: number },
): Promise<void> {
  const end = performance.now() + deadlineMs;
  while (!condition()) {
    assertConnected(clients);
    if (performance.now() > end) throw new Error(`in vain waited ${deadlineMs / 1000} s: ${what}`);
    await delay(2);
  }
}

/** Throws unless all clients hold the same text. */
export function assertEqualTexts(clients: readonly BenchClient[]): void {
  const texts = new Set(clients.map((client) => client.text.toJSON()));
  if (texts.size > 1) throw new Error(`the replicas differ: ${texts.size} different texts`);
}
