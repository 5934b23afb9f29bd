/** Under which rules records are kept; every field is required, none is guessed. */
export interface ComplianceProfile {
  jurisdiction: string;
  /** How long a record has to be there; nothing is deleted by itself after that. */
  retentionDays: number;
  /** Why it may be kept; '' is refused. */
  basis: string;
}

/** Six years, as SEC rule 17a-4 and 45 CFR 164.316(b)(2) ask for. */
const SIX_YEARS_DAYS = 2_192;

/**
 * `consumer`: 180 days, the floor of article 19 of the EU AI Act for high-risk systems, which a story game is not: a
 * sane default. The others exist as data; nothing is claimed with them.
 */
export const PROFILES = {
  consumer: { jurisdiction: 'unspecified', retentionDays: 180, basis: 'legitimate-interest' },
  finance: { jurisdiction: 'US', retentionDays: SIX_YEARS_DAYS, basis: 'legal-obligation' },
  health: { jurisdiction: 'US', retentionDays: SIX_YEARS_DAYS, basis: 'legal-obligation' },
} as const satisfies Record<string, ComplianceProfile>;
