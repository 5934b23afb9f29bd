import type { JSX } from 'react';
import type { FeedbackType } from '../../sessions/feedback.ts';
import { DataTable, type Column } from './data-table.tsx';
import { figureText } from './figures.ts';
import { Card, LivePart } from './parts.tsx';
import type { Shape } from './shape.ts';
import { useLive } from './use-live.ts';
import { VERSIONS as words } from './versions-strings.ts';

/** Feedback of a time, as `GET /api/ops/feedback/stats` tells it; more fields come than are shown. */
interface Figures {
  byType: Record<FeedbackType, { count: number }>;
  count: number;
  meanRating: number | null;
  satisfaction: { value: number; ratings: number; status: 'measured' | 'insufficient' };
}
interface Stats extends Figures {
  versions: (Figures & { version: string | null })[];
}

/** In the order of the columns; the list of the core would bring its parser along. */
const TYPES = ['positive', 'neutral', 'negative', 'broke_story'] as const satisfies readonly FeedbackType[];
const COUNT: Shape = { count: 'number' };
const FIGURES = {
  'byType': { positive: COUNT, neutral: COUNT, negative: COUNT, broke_story: COUNT },
  'count': 'number',
  'meanRating?': 'number',
  'satisfaction': { value: 'number', ratings: 'number', status: 'text' },
} satisfies Shape;
const SHAPE: Shape = { ...FIGURES, versions: [{ ...FIGURES, 'version?': 'text' }] };

const COLUMNS: readonly Column<Stats['versions'][number]>[] = [
  { title: words.version, cell: ({ version }) => version ?? words.unknown },
  ...TYPES.map((type): Column<Stats['versions'][number]> => ({
    title: words.types[type],
    cell: ({ byType }) => figureText(byType[type].count, 'count'),
    isNumber: true,
  })),
  { title: words.meanRating, cell: ({ meanRating }) => figureText(meanRating, 'score'), isNumber: true },
];

/** What readers said in the last seven days, over all and by version. */
export function FeedbackCard(): JSX.Element {
  const live = useLive<Stats>('/feedback/stats?window=7d&by=version', SHAPE);
  return (
    <Card title={words.week} isWide>
      <LivePart live={live}>
        {({ satisfaction, versions }) => (
          <>
            <p>
              {satisfaction.status === 'measured'
                ? words.satisfaction(figureText(satisfaction.value, 'score'), satisfaction.ratings)
                : words.fewRatings(satisfaction.ratings)}
            </p>
            <DataTable
              label={words.week}
              columns={COLUMNS}
              rows={versions}
              keyOf={({ version }) => version ?? ''}
              empty={words.noFeedback}
            />
          </>
        )}
      </LivePart>
    </Card>
  );
}
