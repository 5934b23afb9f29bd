import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AuditKeys, decrypt, encrypt } from './audit-keys.ts';
import { checkpointText, openCheckpoint, openNote, parseVkey, signNote } from './note.ts';
import { commitTo, openText, sealText } from './sealed-text.ts';

const keys = new AuditKeys('a secret of tests that is long enough');
const { verifier } = keys;
const root = Buffer.alloc(32, 7);
const signed = (size = 42) =>
  signNote(checkpointText({ origin: verifier.name, size, root }), verifier, (data) => keys.sign(data));

describe('signed notes (C2SP)', () => {
  it('U5: reads the example of the reference implementation', () => {
    const peter = parseVkey('PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW')!;
    const text =
      'If you think cryptography is the answer to your problem,\n' +
      "then you don't know what your problem is.\n";
    const note = `${text}\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n`;
    expect(openNote(note, peter)).toBe(text);
    expect(openNote(note.replace('problem is', 'problem was'), peter)).toBeNull();
    expect(openNote(note, verifier)).toBeNull();
  });

  it('U5: writes a checkpoint in its three lines, and reads it', () => {
    const lines = signed().split('\n');
    expect(lines.slice(0, 4)).toEqual([verifier.name, '42', root.toString('base64'), '']);
    expect(lines).toHaveLength(6);
    expect(openCheckpoint(signed(), parseVkey(verifier.vkey)!)).toEqual({
      origin: verifier.name,
      size: 42,
      root,
    });
  });

  it('U5: lets others sign as well', () => {
    const other = new AuditKeys('another secret that is long enough too');
    const text = checkpointText({ origin: verifier.name, size: 42, root });
    const extra = signNote(text, other.verifier, (data) => other.sign(data)).split('\n\n')[1]!;
    expect(openCheckpoint(`${signed()}${extra}`, verifier)?.size).toBe(42);
    expect(openCheckpoint(`${text}\n${extra}`, verifier)).toBeNull();
  });

  it('U4: any changed byte of a checkpoint is found', () => {
    const note = Buffer.from(signed());
    for (let at = 0; at < note.length; at += 1) {
      const changed = Buffer.from(note);
      changed[at]! ^= 1;
      expect(openCheckpoint(changed.toString(), verifier), `byte ${at}`).toBeNull();
    }
  });

  it('refuses keys that are none', () => {
    const [name, , key] = verifier.vkey.split('+');
    for (const bad of ['', 'a', `${name}+00000000+${key}`, `${name}+${key}`, verifier.vkey.slice(0, -4)])
      expect(parseVkey(bad), bad).toBeNull();
  });
});

describe('texts under lock', () => {
  it('U2: the same text has another commitment each time, and opens with its key and record only', () => {
    const key = Buffer.alloc(32, 1);
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 500 }), fc.nat(), (text, pick) => {
        const one = sealText(text, key, 'record 1');
        const two = sealText(text, key, 'record 1');
        expect(one.commit).not.toBe(two.commit);
        const opened = openText(one.data, key, 'record 1');
        expect(opened.text).toBe(text);
        expect(commitTo(text, opened.salt)).toBe(one.commit);
        expect(() => openText(one.data, key, 'record 2')).toThrow();
        expect(() => openText(one.data, Buffer.alloc(32, 2), 'record 1')).toThrow();
        const changed = Buffer.from(one.data);
        changed[pick % changed.length]! ^= 4;
        expect(() => openText(changed, key, 'record 1')).toThrow();
      }),
    );
    expect(() => decrypt(key, encrypt(key, Buffer.from('x'), 'a').subarray(0, 20), 'a')).toThrow();
  });

  it('U2: a pseudonym is the same for the same id, and another with another secret', () => {
    const other = new AuditKeys('another secret that is long enough too');
    expect(keys.ref('player1')).toBe(keys.ref('player1'));
    expect(keys.ref('player1')).not.toBe(keys.ref('player2'));
    expect(keys.ref('player1')).not.toBe(other.ref('player1'));
    expect(keys.ref('player1')).toMatch(/^[0-9a-f]{32}$/);
  });
});
