import * as Y from 'yjs';
import { describe, expect, it } from 'vitest';
import { authorSpans } from './authorship.ts';
import { DRAFT_TEXT } from './story-shape.ts';

// The proof behind docs/adr/0002-flat-drafts.md: what breaking a paragraph in two does to the question "who wrote
// this?". Mia has written a paragraph, Tom puts the cursor into it and presses Enter.

const BEFORE = 'The ferry left at dawn. ';
const AFTER = 'Nobody waved.';
const NAMES: Record<number, string> = { 1: 'mia', 2: 'tom' };

/** Letters of living text per author, by the client ids that carry them. */
function lettersOf(doc: Y.Doc): Record<string, number> {
  const letters: Record<string, number> = {};
  for (const [client, structs] of doc.store.clients) {
    const name = NAMES[client] ?? 'unknown';
    for (const struct of structs) {
      if (!(struct instanceof Y.Item) || struct.deleted || !(struct.content instanceof Y.ContentString))
        continue;
      letters[name] = (letters[name] ?? 0) + struct.content.str.length;
    }
  }
  return letters;
}

/** Mia's document, what it takes to copy it, and what Tom's change adds to it. */
function playOut(write: (doc: Y.Doc) => void, change: (doc: Y.Doc) => void) {
  const mia = new Y.Doc();
  mia.clientID = 1;
  write(mia);
  const tom = new Y.Doc();
  tom.clientID = 2;
  Y.applyUpdate(tom, Y.encodeStateAsUpdate(mia));
  let update: Uint8Array = new Uint8Array();
  tom.on('update', (bytes: Uint8Array) => {
    update = bytes;
  });
  tom.transact(() => change(tom));
  const { ds } = Y.decodeUpdate(update);
  const deletedOfMia = (ds.clients.get(1) ?? []).reduce((sum, range) => sum + range.len, 0);
  return { tom, deletedOfMia };
}

function addParagraph(root: Y.XmlFragment, at: number, words: string): void {
  const paragraph = new Y.XmlElement('paragraph');
  paragraph.insert(0, [new Y.XmlText(words)]);
  root.insert(at, [paragraph]);
}

/** The first paragraph's text. */
function firstText(root: Y.XmlFragment): Y.XmlText {
  return (root.get(0) as Y.XmlElement).get(0) as Y.XmlText;
}

describe('a paragraph of another author is broken in two', () => {
  it('A9: in the flat text of a draft every letter keeps its author', () => {
    const { tom, deletedOfMia } = playOut(
      (doc) => doc.getText(DRAFT_TEXT).insert(0, BEFORE + AFTER),
      (doc) => doc.getText(DRAFT_TEXT).insert(BEFORE.length, '\n\n'),
    );
    expect(deletedOfMia).toBe(0);
    expect(lettersOf(tom)).toEqual({ mia: 37, tom: 2 });
    expect(authorSpans(tom.getText(DRAFT_TEXT), (client) => NAMES[client], 'nobody')).toEqual([
      { author: 'mia', text: BEFORE },
      { author: 'tom', text: '\n\n' },
      { author: 'mia', text: AFTER },
    ]);
  });

  it('A9: in a tree of paragraphs the tail becomes the words of whoever pressed Enter', () => {
    const { tom, deletedOfMia } = playOut(
      (doc) => addParagraph(doc.getXmlFragment('story'), 0, BEFORE + AFTER),
      (doc) => {
        // What editor bindings to a tree do: an element cannot be cut, so the tail is deleted and written anew.
        const root = doc.getXmlFragment('story');
        firstText(root).delete(BEFORE.length, AFTER.length);
        addParagraph(root, 1, AFTER);
      },
    );
    expect(deletedOfMia).toBe(13);
    expect(lettersOf(tom)).toEqual({ mia: 24, tom: 13 });
  });
});

describe('two paragraphs of another author are joined', () => {
  it('A9: in flat text only the break between them goes', () => {
    const { tom, deletedOfMia } = playOut(
      (doc) => doc.getText(DRAFT_TEXT).insert(0, `${BEFORE}\n\n${AFTER}`),
      (doc) => doc.getText(DRAFT_TEXT).delete(BEFORE.length, 2),
    );
    expect(deletedOfMia).toBe(2);
    expect(lettersOf(tom)).toEqual({ mia: 37 });
  });

  it('A9: in a tree the second paragraph is deleted and written anew', () => {
    const { tom, deletedOfMia } = playOut(
      (doc) => {
        const root = doc.getXmlFragment('story');
        addParagraph(root, 0, BEFORE);
        addParagraph(root, 1, AFTER);
      },
      (doc) => {
        const root = doc.getXmlFragment('story');
        root.delete(1, 1);
        firstText(root).insert(BEFORE.length, AFTER);
      },
    );
    // The letters, and the element and the text node that held them.
    expect(deletedOfMia).toBe(15);
    expect(lettersOf(tom)).toEqual({ mia: 24, tom: 13 });
  });
});
