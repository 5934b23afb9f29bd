import { RangeSetBuilder } from '@codemirror/state';
import {
  Decoration,
  ViewPlugin,
  type DecorationSet,
  type EditorView,
  type ViewUpdate,
} from '@codemirror/view';
import { authorRuns } from './draft-authors.ts';
import { draftDesk, redraw } from './draft-desk.ts';

/**
 * Draws each author's colour under the words they wrote. Must come after the Yjs binding in the extension
 * list: it reads the Y.Text, which the binding brings up to date first.
 */
export const authorMarks = ViewPlugin.fromClass(
  class {
    decorations: DecorationSet;

    constructor(view: EditorView) {
      this.decorations = drawMarks(view);
    }

    update(update: ViewUpdate): void {
      const isAsked = update.transactions.some((transaction) =>
        transaction.effects.some((effect) => effect.is(redraw)),
      );
      if (update.docChanged || isAsked) this.decorations = drawMarks(update.view);
    }
  },
  { decorations: (plugin) => plugin.decorations },
);

function drawMarks(view: EditorView): DecorationSet {
  const desk = view.state.facet(draftDesk);
  const builder = new RangeSetBuilder<Decoration>();
  if (desk === null) return builder.finish();
  const end = view.state.doc.length;
  for (const run of authorRuns(desk.text, desk.authorOf)) {
    const to = Math.min(run.to, end);
    if (run.from >= to) continue;
    const mark = Decoration.mark({
      class: `by ${desk.colourOf(run.author)}`,
      attributes: { 'data-author': run.author },
    });
    builder.add(run.from, to, mark);
  }
  return builder.finish();
}
