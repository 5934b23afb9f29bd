/** Longest line of an event stream, bytes of text; a longer one is an error. */
const MAX_LINE = 256 * 1024;

/** Thrown when a server's event stream breaks its bounds. */
class StreamTooLong extends Error {
  constructor() {
    super('the server sent a line longer than 256 KiB');
    this.name = 'StreamTooLong';
  }
}

/**
 * The `data` fields of a server-sent event stream, in order; comments and other fields are left out. Ends when
 * the body ends. Throws StreamTooLong, and whatever reading the body throws (abort, cut connection).
 */
export async function* readEvents(body: AsyncIterable<Uint8Array>): AsyncGenerator<string, void> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const bytes of body) {
    rest += decoder.decode(bytes, { stream: true });
    const lines = rest.split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop() ?? '';
    if (rest.length > MAX_LINE) throw new StreamTooLong();
    for (const line of lines) if (line.startsWith('data:')) yield line.slice(5).trim();
  }
  if (rest.startsWith('data:')) yield rest.slice(5).trim();
}
