import { describe, expect, it } from 'vitest';
import { readLayout } from '../text/layout.ts';
import { artisticIntent, PLACEMENTS, placementOf, sceneOf } from './placement.ts';

const names = { cast: ['Captain Vane', 'Isolde'], players: ['Maren', 'isolde'] };

function sceneWith(text: string, isReal = false) {
  return sceneOf({ text, ...names }, readLayout(text), isReal);
}

/** Placement of the first `blood` of a text. */
function place(text: string, isReal = false) {
  const start = text.indexOf('blood');
  expect(start, text).toBeGreaterThanOrEqual(0);
  return placementOf({ start, end: start + 5 }, sceneWith(text, isReal));
}

describe('D14: where a span stands', () => {
  it.each([
    ['"There will be blood," said Captain Vane.', 'speech'],
    ['\u201cI want your blood!\u201d she cried.', 'speech'],
    ["'There will be blood,' he said.", 'speech'],
    ['"There will be blood', 'speech'],
    ['The snow was red with blood.', 'narration'],
    ["Isolde's blood ran cold.", 'narration'],
    ['I wash Isolde and the blood comes off.', 'narration'],
    ['I wash the blood from my hands.', 'person'],
    ['You see blood on the wall.', 'person'],
    ['"There will be blood," I say to the room.', 'person'],
    ['There is blood on the face of Maren.', 'real'],
    ['He smiled. ((there is too much blood here)) He left.', 'real'],
    ['OOC: less blood please', 'real'],
    ['The end came.\nooc: less blood please', 'real'],
  ] as const)('%s', (text, expected) => {
    expect(place(text)).toBe(expected);
  });

  it('is real wherever the channel is', () => {
    expect(place('"There will be blood," said Captain Vane.', true)).toBe('real');
  });

  it('counts a player who plays a character of the same name as the character', () => {
    expect(place('There was blood on Isolde.')).toBe('narration');
  });
});

describe('D14: artistic intent', () => {
  it('M4: has the four values', () => {
    expect(PLACEMENTS).toEqual({ speech: 0.9, narration: 0.8, person: 0.3, real: 0 });
  });

  it('is the least over the spans', () => {
    const text = 'Red was the snow. I saw it. ((not here))';
    const scene = sceneWith(text);
    const at = (word: string) => ({ start: text.indexOf(word), end: text.indexOf(word) + word.length });
    expect(artisticIntent([at('snow')], scene)).toBe(0.8);
    expect(artisticIntent([at('snow'), at('saw')], scene)).toBe(0.3);
    expect(artisticIntent([at('snow'), at('saw'), at('here')], scene)).toBe(0);
    expect(artisticIntent([], scene)).toBe(0.8);
    expect(artisticIntent([], sceneWith(text, true))).toBe(0);
  });
});
