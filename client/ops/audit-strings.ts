import { count } from '../string-parts.ts';

/** The words of the audit log. */
export const AUDIT = {
  state: 'State of the log',
  size: 'Records',
  root: 'Root',
  checkpointAt: 'Last checkpoint',
  verifiedAt: 'Last verified',
  never: 'not yet',
  ok: 'Verified, unchanged',
  bad: 'Verification failed',
  unverified: 'Not verified yet',
  verify: 'Verify now',
  verified: (size: string) => `All ${size} records are as they were written.`,
  broken:
    'The log is not as it was written. Open an incident, keep the data folder as it is, and compare with a checkpoint that others keep.',
  brokenAt: (where: string, n: number) => `${count(n, 'finding', 'findings')}, the first: ${where}`,
  place: (part: string, index: number | null, what: string) =>
    `${index === null ? part : `${part}, record ${index}`}: ${what}`,
  checkpoint: 'Checkpoint',
  checkpointHelp:
    'A signed note of size and root. Give it to somebody else to keep: with it they can prove later that nothing was changed, also by you.',
  noCheckpoint: 'There is no checkpoint yet. One is made with the first records.',
  copy: 'Copy the checkpoint',
  copied: 'Copied',
  key: 'Key to verify it with',
  erase: 'Erase a person',
  eraseHelp:
    'Deletes the key under which their texts are kept in the log. The texts can never be read there again; the proofs go on holding. The story itself stays as it is.',
  session: 'Session id',
  whose: 'Whose texts',
  ofPlayer: 'One player',
  ofNarrator: 'The narrator, in this session',
  player: 'Player id',
  badId: 'Small letters and digits only. Copy it.',
  reason: 'Why',
  reasons: {
    request: 'The person asked for it',
    retention: 'It was kept long enough',
    legal: 'The law asks for it',
    other: 'Another reason',
  },
  eraseSubmit: 'Erase…',
  askErase: (whose: string) =>
    `Erase the texts of ${whose} from the log for good? This cannot be taken back.`,
  narratorOf: (session: string) => `the narrator in session ${session}`,
  playerOf: (player: string) => `player ${player}`,
  yesErase: 'Erase for good',
  erased: 'The key is deleted. A tombstone stands in the log.',
} as const;
