import { MemoryStore } from './support/memory-store.ts';
import { StoreGate } from './support/store-gate.ts';
import { describeSessionStore } from './support/session-store-suite.ts';

describeSessionStore('memory', () => Promise.resolve(new MemoryStore()));
describeSessionStore('memory behind a gate', () => Promise.resolve(new StoreGate(new MemoryStore())));
