/**
 * What an answer must look like so that its page can draw it: a list of such, an object with at least these fields, or
 * a kind of value. `any` takes what the page shows as it comes.
 */
export type Shape =
  'any' | 'text' | 'number' | 'flag' | readonly [Shape] | { readonly [field: string]: Shape };

/** Rows that a page takes of any list; a longer answer is not one of ours. */
const MOST_ROWS = 10_000;

/** Whether a value has the shape. Fields named with `?` at their end may be null or absent. */
export function fits(value: unknown, shape: Shape): boolean {
  if (shape === 'any') return true;
  if (shape === 'text') return typeof value === 'string';
  if (shape === 'number') return typeof value === 'number';
  if (shape === 'flag') return typeof value === 'boolean';
  if (isList(shape))
    return Array.isArray(value) && value.length <= MOST_ROWS && value.every((each) => fits(each, shape[0]));
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const fields = value as Record<string, unknown>;
  return Object.entries(shape).every(([name, inner]) => {
    if (!name.endsWith('?')) return fits(fields[name], inner);
    const field = fields[name.slice(0, -1)];
    return field === undefined || field === null || fits(field, inner);
  });
}

const isList = (shape: Shape): shape is readonly [Shape] => Array.isArray(shape);
