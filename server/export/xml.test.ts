import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { xmlSafe, xmlText } from './xml.ts';
import { xmlFault } from '../../test/support/xml-check.ts';

describe('text in XML', () => {
  it('X5: any text is well-formed, in elements and attributes, and says the same', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (given) => {
        const escaped = xmlText(given);
        expect(xmlFault(`<a b="${escaped}">${escaped}</a>`)).toBeNull();
        expect(escaped).not.toMatch(/[<>"']/);
        expect(xmlSafe(xmlSafe(given))).toBe(xmlSafe(given));
      }),
    );
    expect(xmlText('a\u0000b\ud800c<&>"\'\n\t😀')).toBe('ab\ufffdc&lt;&amp;&gt;&quot;&#39;\n\t😀');
  });

  it('the check of the tests finds what is wrong', () => {
    const wrong = [
      '',
      'a',
      '<a>',
      '<a></b>',
      '<a/><b/>',
      '<a>&x;</a>',
      '<a b=c/>',
      '<a b="<"/>',
      '<a>\u0001</a>',
      '<a>]]></a>',
    ];
    for (const xml of wrong) expect(xmlFault(xml), xml).not.toBeNull();
    expect(xmlFault('<?xml version="1.0"?>\n<!DOCTYPE html>\n<a b="c&amp;"><d/>&#39;</a>\n')).toBeNull();
  });
});
