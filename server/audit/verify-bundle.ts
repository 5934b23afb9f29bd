import type { z } from 'zod';
import { headerSchema, lineSchema, trailerSchema } from './bundle.ts';
import { leafHash, verifyInclusion } from './merkle.ts';
import { openCheckpoint, parseVkey, strictBase64, type Checkpoint } from './note.ts';
import type { AuditRecord } from './record.ts';
import { commitTo } from './sealed-text.ts';
import { readRecord } from './verify-records.ts';

const MAX_FAULTS = 20;

/** What an exported file proves. */
export interface BundleVerification {
  ok: boolean;
  /** In order of the file; the first 20. */
  faults: { line: number; index: number | null; what: string }[];
  records: number;
  texts: number;
  /** The log that signed it; null: it could not be read. */
  vkey: string | null;
  checkpoint: Checkpoint | null;
  of: z.infer<typeof headerSchema>['of'] | null;
}

/** Verifies an exported file by itself. `vkey`: the log that it has to be from; null: any. */
export async function verifyBundle(
  lines: AsyncIterable<string>,
  vkey: string | null,
): Promise<BundleVerification> {
  const verifier = new BundleVerifier(vkey);
  for await (const line of lines) verifier.read(line);
  return verifier.end();
}

class BundleVerifier {
  readonly #vkey: string | null;
  readonly #result: BundleVerification = {
    ok: false,
    faults: [],
    records: 0,
    texts: 0,
    vkey: null,
    checkpoint: null,
    of: null,
  };
  #line = 0;
  #last = -1;
  #isEnded = false;

  constructor(vkey: string | null) {
    this.#vkey = vkey;
  }

  read(line: string): void {
    this.#line += 1;
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch {
      return this.#wrong('the line is not JSON');
    }
    if (this.#isEnded) return this.#wrong('there is something behind the end');
    if (this.#line === 1) return this.#header(value);
    const trailer = trailerSchema.safeParse(value);
    if (trailer.success) return this.#trailer(trailer.data);
    this.#record(value);
  }

  end(): BundleVerification {
    if (!this.#isEnded) this.#wrong('the end of the file is missing');
    return { ...this.#result, ok: this.#result.faults.length === 0 };
  }

  #wrong(what: string, index: number | null = null): void {
    const { faults } = this.#result;
    if (faults.length < MAX_FAULTS) faults.push({ line: this.#line, index, what });
  }

  #header(value: unknown): void {
    const parsed = headerSchema.safeParse(value);
    const by = parsed.success ? parseVkey(parsed.data.vkey) : null;
    if (!parsed.success || by === null) return this.#wrong('this is not an export of an audit log');
    this.#result.vkey = by.vkey;
    this.#result.of = parsed.data.of;
    if (this.#vkey !== null && this.#vkey !== by.vkey)
      this.#wrong('it is from another log than the given key');
    this.#result.checkpoint = openCheckpoint(parsed.data.checkpoint, by);
    if (this.#result.checkpoint === null) this.#wrong('the checkpoint is not signed by this log');
  }

  #trailer({ records }: z.infer<typeof trailerSchema>): void {
    this.#isEnded = true;
    if (records !== this.#result.records)
      this.#wrong(`it should have ${records} records, but has ${this.#result.records}`);
  }

  #record(value: unknown): void {
    const parsed = lineSchema.safeParse(value);
    if (!parsed.success) return this.#wrong('the line has not the form of a record with its proof');
    this.#result.records += 1;
    const record = readRecord(parsed.data.record);
    if (typeof record === 'string') return this.#wrong(`the record cannot be read: ${record}`);
    this.#checkProof(record, parsed.data);
    this.#checkPlace(record);
    if (parsed.data.text) this.#checkText(record, parsed.data.text);
  }

  #checkProof({ seq }: AuditRecord, line: z.infer<typeof lineSchema>): void {
    const { checkpoint } = this.#result;
    const proof = line.proof.flatMap((hash) => strictBase64(hash) ?? []);
    if (checkpoint === null) return;
    const { size, root } = checkpoint;
    const isIn = verifyInclusion({ leaf: leafHash(line.record), index: seq, size, root, proof });
    if (!isIn || proof.length !== line.proof.length)
      this.#wrong('the record is not in the log that was signed: it or its proof was changed', seq);
  }

  #checkPlace({ seq, session, nth, ts }: AuditRecord): void {
    const { of, records } = this.#result;
    if (seq <= this.#last) this.#wrong('the record is out of order', seq);
    this.#last = seq;
    if (of === null) return;
    if ('from' in of) {
      if (ts < of.from || ts > of.to) this.#wrong('the record is of another time', seq);
    } else if (session !== of.session) this.#wrong('the record is of another session', seq);
    else if (nth !== records)
      this.#wrong(`it is record ${nth} of its session, not ${records}: some are left out`, seq);
  }

  #checkText({ content, seq }: AuditRecord, { salt, text }: { salt: string; text: string }): void {
    const bytes = strictBase64(salt);
    this.#result.texts += 1;
    if (content === undefined || bytes === null || commitTo(text, bytes) !== content.commit)
      this.#wrong('the text is not the one that the record is bound to', seq);
  }
}
