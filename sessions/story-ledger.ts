import type { MonitorState } from './monitor-state.ts';
import type { CollabScores, ThreadView } from './monitor-view.ts';
import type { Background } from './quality.ts';
import type { Read } from './monitor.ts';

export class StoryLedger {
  readonly transitions = { crossings: 0, withins: 0 };
  constructor(_background: Background) {}
  add(_read: Read): void {}
  coherent(_author: string, _score: number | null): void {}
  restart(): void {}
  scores(
    _now: number,
  ): Pick<
    CollabScores,
    | 'ideas_per_minute'
    | 'ideas_per_100_words'
    | 'ideas_kept'
    | 'coherence'
    | 'coherence_gap'
    | 'threads'
    | 'synergy'
  > {
    return {
      ideas_per_minute: null,
      ideas_per_100_words: null,
      ideas_kept: null,
      coherence: null,
      coherence_gap: null,
      threads: null,
      synergy: null,
    };
  }
  threads(_of: MonitorState): ThreadView[] {
    return [];
  }
}
