import { orderSchema } from './engine-protocol.ts';
import type { EngineLoad, EngineOrder, EngineReport } from './engine-protocol.ts';
import { loadEngine } from './engine-load.ts';
import { EngineSlots } from './engine-slots.ts';

// Entry of the engine's own process: native code may abort it without hurting the server.

let slots: EngineSlots | null = null;

function report(message: EngineReport): Promise<void> {
  return new Promise((resolve) => {
    if (process.send === undefined || !process.connected) resolve();
    else process.send(message, undefined, {}, () => resolve());
  });
}

function log(level: string, line: string): void {
  void report({ type: 'log', level, line: line.slice(0, 2_000) });
}

/** Tells of turns that ended while no step runs. */
async function reportEnded(engine: EngineSlots): Promise<void> {
  const turns = engine.ended();
  if (turns.length > 0) await report({ type: 'closed', turns });
}

async function load(order: EngineLoad): Promise<void> {
  setInterval(() => void report({ type: 'beat' }), order.beatMs);
  try {
    const progress = (ratio: number) => void report({ type: 'progress', ratio });
    const loaded = await loadEngine(order, { log, progress });
    slots = new EngineSlots(loaded, order);
    await report({ type: 'loaded', info: loaded.info });
  } catch (error) {
    await report({ type: 'load-failed', reason: error instanceof Error ? error.message : String(error) });
  }
}

async function count(engine: EngineSlots, id: string, texts: string[]): Promise<void> {
  try {
    await report({ type: 'counted', id, counts: engine.count(texts) });
  } catch (error) {
    await report({ type: 'count-failed', id, reason: String(error) });
  }
}

async function obey(order: EngineOrder): Promise<void> {
  if (order.type === 'load') return load(order);
  if (slots === null) return log('error', `order ${order.type} before the model is loaded`);
  switch (order.type) {
    case 'open':
      slots.open(order);
      return reportEnded(slots);
    case 'step':
      return report(await slots.step(order));
    case 'close':
      slots.close(order.id);
      return reportEnded(slots);
    case 'count':
      return count(slots, order.id, order.texts);
  }
}

/** An engine that does not know its state is replaced by the parent, never repaired. SIGKILL runs no native clean-up. */
function die(): never {
  process.kill(process.pid, 'SIGKILL');
  throw new Error('unreachable');
}

process.on('message', (message) => {
  obey(orderSchema.parse(message)).catch((error: unknown) => {
    log('error', String(error));
    setImmediate(die);
  });
});
process.on('disconnect', die);
// The terminal sends Ctrl-C to the whole group; the parent decides when this process ends.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => undefined);
