import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import express, { type ErrorRequestHandler, type Express, type RequestHandler, type Response } from 'express';
import helmet from 'helmet';
import { AppError, ERRORS, toRefusal, type Refusal } from '../../sessions/errors.ts';

/** Sends a refusal with the status of its code. */
export function sendRefusal(response: Response, refusal: Refusal): void {
  if (refusal.retryAfterMs !== null)
    response.set('Retry-After', String(Math.ceil(refusal.retryAfterMs / 1_000)));
  response.status(ERRORS[refusal.code][0]).json(refusal);
}

/** The CSP nonce of this response. */
function nonceOf(response: Response): string {
  return String(response.locals.nonce);
}

function security(isHttps: boolean): RequestHandler[] {
  const giveNonce: RequestHandler = (_request, response, next) => {
    response.locals.nonce = randomBytes(16).toString('base64');
    next();
  };
  const headers = helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'", (_request, response) => `'nonce-${nonceOf(response as Response)}'`],
        imgSrc: ["'self'", 'data:'],
        connectSrc: ["'self'"],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
        upgradeInsecureRequests: isHttps ? [] : null,
      },
    },
    strictTransportSecurity: isHttps,
    // Invite secrets are in the fragment, which is never sent; addresses still need not travel.
    referrerPolicy: { policy: 'no-referrer' },
  });
  return [giveNonce, headers];
}

/** Faults of body parsing and of ours, as refusals. */
function faultHandler(onFault: (error: unknown) => void): ErrorRequestHandler {
  return (error: unknown, _request, response, next) => {
    if (response.headersSent) return next(error);
    const type = (error as { type?: unknown } | null)?.type;
    if (type === 'entity.too.large') return sendRefusal(response, toRefusal(new AppError('TOO_LARGE')));
    if (typeof type === 'string') return sendRefusal(response, toRefusal(new AppError('BAD_INPUT')));
    if (!(error instanceof AppError) || error.code === 'INTERNAL') onFault(error);
    sendRefusal(response, toRefusal(error));
  };
}

/** The pages: the built client's files, and its index for every address of the app. */
function pages(clientFolder: string): express.Router {
  const router = express.Router();
  const index = readFile(join(clientFolder, 'index.html'), 'utf8').catch(() => null);
  router.use(
    '/assets',
    express.static(join(clientFolder, 'assets'), { immutable: true, maxAge: '365d', index: false }),
  );
  router.use(express.static(clientFolder, { index: false, maxAge: '1h' }));
  const sendIndex = async (response: Response, status: number): Promise<void> => {
    const html = await index;
    if (html === null) {
      response.status(503).type('text').send('The web client is not built. Run: npm run build');
      return;
    }
    response.status(status).set('Cache-Control', 'no-store').type('html');
    response.send(html.replaceAll('__CSP_NONCE__', nonceOf(response)));
  };
  router.get(['/', '/s/:sessionId', '/ops', '/ops/:tab', '/ops/:tab/:id'], (_request, response) =>
    sendIndex(response, 200),
  );
  // Somebody who mistyped an address gets the page that says so; programs get the refusal.
  router.get('/{*path}', (request, response, next) => {
    const isPerson = request.accepts(['json', 'html']) === 'html' && !request.path.startsWith('/api/');
    return isPerson ? sendIndex(response, 404) : next();
  });
  return router;
}

/** The HTTP side: security headers, the given routers, the pages, and one place where errors become answers. */
export function createApp(of: {
  routers: readonly (readonly [path: string, router: express.Router])[];
  clientFolder: string;
  trustProxy: number;
  isHttps: boolean;
  onFault: (error: unknown) => void;
}): Express {
  const app = express();
  app.disable('x-powered-by');
  app.set('trust proxy', of.trustProxy);
  app.use(...security(of.isHttps));
  for (const [path, router] of of.routers) app.use(path, router);
  app.use(pages(of.clientFolder));
  app.use((_request, response) => sendRefusal(response, toRefusal(new AppError('NOT_FOUND'))));
  app.use(faultHandler(of.onFault));
  return app;
}
