import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One request to the narrator's model: says what the test says, when the test says it. */
export class Telling {
  readonly prompt: string;
  private readonly response: ServerResponse;
  /** The server has given this request up, or is gone itself. */
  isGone = false;

  constructor(prompt: string, response: ServerResponse) {
    this.prompt = prompt;
    this.response = response;
    response.on('close', () => {
      this.isGone = true;
    });
  }

  say(text: string): this {
    this.event({ choices: [{ delta: { content: text } }] });
    return this;
  }

  end(): void {
    this.event({ choices: [{ delta: {}, finish_reason: 'stop' }] });
    this.response.end('data: [DONE]\n\n');
  }

  private event(data: unknown): void {
    this.response.write(`data: ${JSON.stringify(data)}\n\n`);
  }
}

/** An OpenAI-compatible model server in this process, so that tests hold a narrator turn open as long as they like. */
export class SlowNarrator {
  readonly tellings: Telling[] = [];
  private readonly server: Server;

  private constructor(server: Server) {
    this.server = server;
  }

  static async start(): Promise<SlowNarrator> {
    const server = createServer((request, response) => {
      let body = '';
      request.on('data', (data: Buffer) => (body += data.toString()));
      request.on('end', () => {
        if (request.url === '/v1/models') response.end(JSON.stringify({ data: [{ id: 'slow' }] }));
        else narrator.tellings.push(new Telling(body, response));
      });
    });
    const narrator = new SlowNarrator(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return narrator;
  }

  /** Settings of a server that asks this narrator, one turn at a time. */
  get env(): Record<string, string> {
    const { port } = this.server.address() as AddressInfo;
    return {
      NARRATOR: 'on',
      OPENAI_BASE_URL: `http://127.0.0.1:${port}/v1`,
      OPENAI_MODEL: 'slow',
      MODEL_PARALLEL: '1',
    };
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}
