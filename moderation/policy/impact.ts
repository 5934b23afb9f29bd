/**
 * D15 collaborative_impact, 0 to 1: how many people a text touches, in full when it hits a line or veil, by half
 * from severity 2 on.
 */
export function collaborativeImpact(playersPresent: number, hitsTable: boolean, severity: number): number {
  const weight = hitsTable ? 1 : severity >= 2 ? 0.5 : 0;
  return Math.min(1, (playersPresent * weight) / 6);
}
