import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Router } from 'express';
import { createApp } from '../../server/http/app.ts';

export const OPERATOR_TOKEN = 'operator-token-of-tests';

/** Where a router wants sessions and the test has none. */
export const NO_SESSIONS = { purge: () => Promise.reject(new Error('There are no sessions here.')) };

export interface OpsAnswer {
  status: number;
  /** Null when it is not JSON. */
  body: unknown;
  text: string;
}

/** One request as an operator makes it; `token` null: without one. A string as the body is sent as it is. */
export async function callOps(
  url: string,
  of: { method: string; path: string; body?: unknown; token?: string | null },
): Promise<OpsAnswer> {
  const { method, path, body, token = OPERATOR_TOKEN } = of;
  const response = await fetch(`${url}${path}`, {
    method,
    headers: {
      'content-type': 'application/json',
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.startsWith('application/json') === true;
  return { status: response.status, body: isJson ? JSON.parse(text) : null, text };
}

/** The HTTP side of the server with some of its routers, on a free port. */
export class OpsServer {
  readonly url: string;
  /** What was not understood as a refusal. */
  readonly faults: unknown[];
  private readonly server: Server;

  private constructor(server: Server, faults: unknown[]) {
    this.server = server;
    this.faults = faults;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  static async start(routers: readonly (readonly [path: string, router: Router])[]): Promise<OpsServer> {
    const faults: unknown[] = [];
    const app = createApp({
      routers,
      clientFolder: '/nowhere',
      trustProxy: 0,
      isHttps: false,
      onFault: (error) => faults.push(error),
    });
    const server = createServer(app);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new OpsServer(server, faults);
  }

  /** One request as an operator makes it, see `callOps`. */
  call(
    method: string,
    path: string,
    body?: unknown,
    token: string | null = OPERATOR_TOKEN,
  ): Promise<OpsAnswer> {
    return callOps(this.url, { method, path, body, token });
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
