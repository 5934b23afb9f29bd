import { describe, expect, it } from 'vitest';
import { SaveLedger } from './save-ledger.ts';

describe('SaveLedger', () => {
  it('is saved while nothing was written', () => {
    expect(new SaveLedger(false).isSaved).toBe(true);
  });

  it('is saved again only when the sync reply and every change are acked', () => {
    const ledger = new SaveLedger(false);
    ledger.connected();
    ledger.changed();
    ledger.changed();
    ledger.acked(2);
    expect(ledger.isSaved).toBe(false);
    ledger.acked(3);
    expect(ledger.isSaved).toBe(true);
  });

  it('counts anew on each connection, so an ack of the old one proves nothing', () => {
    const ledger = new SaveLedger(false);
    ledger.connected();
    ledger.changed();
    ledger.disconnected();
    ledger.acked(9);
    expect(ledger.isSaved).toBe(false);
    ledger.connected();
    expect(ledger.isSaved).toBe(false);
    ledger.acked(1);
    expect(ledger.isSaved).toBe(true);
  });

  it('keeps changes made offline unsaved until the sync reply of the next connection is acked', () => {
    const ledger = new SaveLedger(false);
    ledger.changed();
    ledger.connected();
    ledger.acked(0);
    expect(ledger.isSaved).toBe(false);
    ledger.acked(1);
    expect(ledger.isSaved).toBe(true);
  });

  it('starts unsaved with words kept from an earlier visit', () => {
    const ledger = new SaveLedger(true);
    ledger.connected();
    expect(ledger.isSaved).toBe(false);
    ledger.acked(1);
    expect(ledger.isSaved).toBe(true);
  });
});
