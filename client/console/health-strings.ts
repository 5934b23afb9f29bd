import type { Health } from '../../sessions/monitor-view.ts';
import type { QualityMetric, VoiceFinding } from '../../sessions/quality.ts';

// The words of health and quality outside the console: in the header, on passages, on the tab.

/** What a reader should take from a calibrated score. */
export type QualityGrade = 'good' | 'usual' | 'below';

/** The text of health and quality in the header and on passages. */
export const HEALTH_TEXT = {
  tab: 'Health',
  open: 'Look at it',
  /** In the header: what is so, then that a push shows more. */
  badge: (word: string) => `How the session is doing: ${word}. Show the console`,
  words: {
    green: 'All is well',
    yellow: 'Worth a look',
    red: 'Needs you',
  } satisfies Record<Health, string>,
  unknown: 'Not measured yet',
  helpKeys: [['Alt + G', 'how the session is doing: the game master’s console']] as readonly (readonly [
    string,
    string,
  ])[],
  quality: {
    metrics: {
      narrative_coherence: 'Fits what came before',
      character_consistency: 'Characters sound like themselves',
      user_engagement: 'The table goes along',
      diversity: 'Says something new',
      embedding_coherence: 'Fits by meaning',
      judge_coherence: 'Coherence (a model judges)',
      judge_voice: 'Voices (a model judges)',
      judge_engagement: 'Interest (a model judges)',
    } satisfies Record<QualityMetric, string>,
    grades: {
      good: 'as in good stories',
      usual: 'as usual',
      below: 'weaker than 95 of 100 healthy passages',
    } satisfies Record<QualityGrade, string>,
    rules: {
      never_use: 'a word this character never uses',
      language: 'another language',
      person: 'another person or tense',
      register: 'another register',
      sentence_length: 'sentences of another length',
      style: 'another style',
    } satisfies Record<VoiceFinding['rule'], string>,
    score: (grade: string, score: string) => `${grade} (${score} of 1)`,
    title: 'How this passage was measured',
    fine: 'Quality of this passage: nothing stands out',
    weak: (n: number) => `Quality of this passage: ${n === 1 ? 'one measure is' : `${n} measures are`} low`,
    finding: (name: string, rule: string, detail: string) =>
      `${name}: ${rule}${detail === '' ? '' : ` (${detail})`}`,
    hint: 'A hint for game masters. Measures can be wrong about a story; readers are not.',
  },
} as const;
