import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { narratorVersion } from './version.ts';

const MODEL = { name: 'storyteller-tiny', shape: 'continuation' } as const;
const SAMPLING = { temperature: 0.7, topP: 0.95, minP: 0.05 };

describe('the version of the narrator', () => {
  it('E5: is the name of the model and eight digits, the same each time', () => {
    expect(narratorVersion(MODEL, SAMPLING, 1)).toBe('storyteller-tiny@95b5e1e2');
    expect(narratorVersion({ ...MODEL }, { ...SAMPLING })).toBe(narratorVersion(MODEL, SAMPLING));
  });

  it('E5: changes with the model, the words of prompts, the shape and each figure of the sampling', () => {
    const versions = [
      narratorVersion(MODEL, SAMPLING, 1),
      narratorVersion(MODEL, SAMPLING, 2),
      narratorVersion({ ...MODEL, name: 'other' }, SAMPLING, 1),
      narratorVersion({ ...MODEL, shape: 'chat' }, SAMPLING, 1),
      narratorVersion(MODEL, { ...SAMPLING, temperature: 0.8 }, 1),
      narratorVersion(MODEL, { ...SAMPLING, topP: 0.9 }, 1),
      narratorVersion(MODEL, { ...SAMPLING, minP: 0.1 }, 1),
    ].map((version) => version.split('@')[1]);
    expect(new Set(versions).size).toBe(versions.length);
  });

  it('has its form for any name', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (name) => {
        const version = narratorVersion({ ...MODEL, name }, SAMPLING);
        expect(version.startsWith(`${name}@`)).toBe(true);
        expect(version.slice(name.length + 1)).toMatch(/^[0-9a-f]{8}$/);
      }),
    );
  });
});
