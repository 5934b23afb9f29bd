/** The words of the audit log. */
export const AUDIT = {
  state: 'State of the log',
  size: 'Records',
  root: 'Root',
  checkpointAt: 'Last checkpoint',
  verifiedAt: 'Last verified',
  ok: 'Verified, unchanged',
  bad: 'Verification failed',
  unverified: 'Not verified since the start',
  verify: 'Verify now',
  verifying: 'Reading every record…',
  verified: (size: string) => `All ${size} records are as they were written.`,
  broken:
    'The log is not as it was written. Open an incident, keep the data folder as it is, and compare with a checkpoint that others keep.',
  brokenAt: (where: string) => `First bad place: ${where}`,
  checkpoint: 'Checkpoint',
  checkpointHelp:
    'A signed note of size and root. Give it to somebody else to keep: with it they can prove later that nothing was changed, also by you.',
  noCheckpoint: 'There is no checkpoint yet. One is made with the next records.',
  copy: 'Copy the checkpoint',
  copied: 'Copied',
  erase: 'Erase a person',
  eraseHelp:
    'Deletes the key under which this person’s texts are kept in the log. Their texts can never be read again; the proofs go on holding.',
  session: 'Session id',
  player: 'Player id',
  playerHint: 'As the JSON export of the session has it.',
  badId: 'Small letters and digits only. Copy it.',
  eraseSubmit: 'Erase…',
  askErase: (player: string) => `Erase ${player} for good? This cannot be taken back.`,
  yesErase: 'Erase for good',
  erased: 'The key is deleted. A tombstone stands in the log.',
} as const;
