/** Names that are words as well: only their capital tells them apart. */
const WORDS = new Set(
  'art bill chase christian dale dawn dick drew faith frank gene glen grace grant hope hunter ivy jack jasmine joy lance lily mark max may melody miles mercy nick norm pat peg piper ray reed rich rob robin rose ruby rusty sage sky star storm sue sunny sandy tab tanner ted violet wade ward will wolf'.split(
    ' ',
  ),
);
const TITLES = /^(?:the|sir|lady|lord|old|king|queen|captain|prince|princess|dr|mr|mrs|miss)\b/i;

/**
 * Matches any of the names as whole words; a name of several words also by its first one, unless that is a title. A
 * name that is a common word counts with its capital only, any other in lower case too. Without names: nothing.
 */
export function namePattern(names: readonly string[]): RegExp {
  const forms = new Set(names.flatMap(formsOf).filter((form) => form.length >= 2));
  if (forms.size === 0) return /(?!)/;
  return new RegExp(`(?<![\\p{L}\\p{N}])(?:${[...forms].map(escape).join('|')})(?![\\p{L}\\p{N}])`, 'u');
}

function formsOf(name: string): string[] {
  const whole = name.trim();
  const [first = ''] = whole.split(/\s+/);
  const parts = first.length >= 3 && !TITLES.test(first) ? [whole, first] : [whole];
  return parts.flatMap((part) => {
    const small = part.toLowerCase();
    return WORDS.has(small) ? [part] : [part, small, part.toUpperCase()];
  });
}

function escape(word: string): string {
  return word.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}
