import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { HARMS, type Channel, type Harm, type TableRules } from '../../sessions/moderator.ts';
import { bundledFile } from '../bundled-file.ts';
import { policySchema, type PolicyContent } from './policy-schema.ts';

/** A checked policy and the hash of what it says. */
export interface Policy extends PolicyContent {
  /** First 12 hex digits of SHA-256 over the content, whatever its order and comments. */
  hash: string;
}

/** A policy file that cannot be used; the message names the place and what is wrong there. */
export class PolicyError extends Error {}

/**
 * Reads a policy from YAML.
 *
 * @throws PolicyError when it is no YAML, a key is missing or unknown, or a value is out of range.
 */
export function parsePolicy(yaml: string): Policy {
  let content: unknown;
  try {
    content = parse(yaml);
  } catch (error) {
    throw new PolicyError(`policy: no valid YAML: ${error instanceof Error ? error.message : 'unreadable'}`);
  }
  const parsed = policySchema.safeParse(content);
  if (parsed.success) return { ...parsed.data, hash: hashOf(parsed.data) };
  const told = parsed.error.issues.map(({ path, message }) => `${path.join('.') || '(top)'}: ${message}`);
  throw new PolicyError(`policy: ${told.join('; ')}`);
}

/**
 * Reads a policy file; null: the one that comes with the program.
 *
 * @throws PolicyError when it cannot be read or used.
 */
export async function loadPolicy(file: string | null): Promise<Policy> {
  const path = file ?? bundledFile('policy/default.yaml');
  const yaml = await readFile(path, 'utf8').catch(() => {
    throw new PolicyError(`policy: cannot read ${path}`);
  });
  return parsePolicy(yaml);
}

/** The severity that is allowed for one kind of harm: rating and genre, capped by channel and by the table. */
export function allowedFor(policy: Policy, rules: TableRules, channel: Channel, harm: Harm): number {
  const base = policy.allowed[rules.rating][harm] + (policy.genres[rules.genre][harm] ?? 0);
  const most = Math.min(policy.channels[channel].caps[harm] ?? 4, rules.levels[harm] ?? 4);
  return Math.max(0, Math.min(base, most, 4));
}

/** D15: 1 - max(0, severity - allowed) / 4. */
export function narrativeAppropriateness(severity: number, allowed: number): number {
  return 1 - Math.max(0, severity - allowed) / 4;
}

/** A table or record with one value per kind of harm. */
export function perHarm<T>(value: (harm: Harm) => T): Record<Harm, T> {
  return Object.fromEntries(HARMS.map((harm) => [harm, value(harm)])) as Record<Harm, T>;
}

function hashOf(content: PolicyContent): string {
  return createHash('sha256')
    .update(JSON.stringify(sorted(content)))
    .digest('hex')
    .slice(0, 12);
}

/** The same value with the keys of every object in order. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]));
}
