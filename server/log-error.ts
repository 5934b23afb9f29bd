/** An error as the log shows it. */
export interface ErrorFields {
  type: string;
  message: string;
  code?: string;
  stack?: string;
  cause?: ErrorFields;
}

const LONGEST_MESSAGE = 1_000;
const LONGEST_STACK = 4_000;
const DEEPEST = 4;

/**
 * Name, code, message and stack of an error and of its causes; nothing else that libraries hang on errors, which may be
 * the body of a request. What a parser says about a text quotes the text: its message is left out.
 */
export function describeError(error: unknown, depth = 0): ErrorFields {
  if (!(error instanceof Error)) return { type: typeof error, message: 'not an error' };
  const quotes = error instanceof SyntaxError;
  const message = quotes ? 'what was read is not well formed' : error.message.slice(0, LONGEST_MESSAGE);
  const fields: ErrorFields = { type: error.name, message };
  if ('code' in error && (typeof error.code === 'string' || typeof error.code === 'number'))
    fields.code = String(error.code).slice(0, 100);
  const stack = callsOf(error);
  if (stack !== '') fields.stack = stack;
  if (error.cause instanceof Error && depth < DEEPEST) fields.cause = describeError(error.cause, depth + 1);
  return fields;
}

/** The calls of a stack, without the message that stands before them. */
function callsOf({ stack = '' }: Error): string {
  const lines = stack.split('\n').filter((line) => /^\s+at .*:\d+/.test(line));
  return lines.join('\n').slice(0, LONGEST_STACK);
}
