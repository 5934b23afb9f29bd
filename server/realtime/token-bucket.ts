/** A token bucket: `perSecond` on average, `burst` at once. */
export class TokenBucket {
  private readonly perSecond: number;
  private readonly burst: number;
  private tokens: number;
  private filledAt: number;

  constructor(perSecond: number, burst: number, now: number) {
    this.perSecond = perSecond;
    this.burst = burst;
    this.tokens = burst;
    this.filledAt = now;
  }

  /** Takes one token and answers 0, or answers how many ms to wait for one; then nothing is taken. */
  take(now: number): number {
    this.tokens = Math.min(
      this.burst,
      this.tokens + (Math.max(0, now - this.filledAt) / 1_000) * this.perSecond,
    );
    this.filledAt = now;
    if (this.tokens < 1) return Math.ceil(((1 - this.tokens) / this.perSecond) * 1_000);
    this.tokens -= 1;
    return 0;
  }
}
