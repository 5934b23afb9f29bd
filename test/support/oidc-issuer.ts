import { createHash, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK } from 'jose';

/** What the issuer says about somebody who has logged in there. */
export interface Login {
  sub: string;
  email?: string;
  emailVerified?: boolean;
  /** Seconds until the ID token expires; negative: it has. */
  expiresIn?: number;
  /** Other than was asked for. */
  nonce?: string;
  audience?: string;
  /** Signs with a key that is not among the published ones. */
  isForged?: boolean;
}

interface Grant {
  login: Login;
  challenge: string;
  nonce: string;
  redirectUri: string;
}

async function bodyOf(request: IncomingMessage): Promise<URLSearchParams> {
  let body = '';
  for await (const chunk of request) body += String(chunk);
  return new URLSearchParams(body);
}

/** A small OpenID Connect server: discovery, keys, and a token endpoint that holds to PKCE. Codes work once. */
export class OidcIssuer {
  readonly clientId = 'tales';
  readonly clientSecret = 'client-secret-of-tests';
  url = '';
  private readonly server: Server;
  private readonly keys: { real: CryptoKey; forged: CryptoKey };
  private readonly published: JWK;
  private readonly grants = new Map<string, Grant>();

  private constructor(server: Server, of: { keys: OidcIssuer['keys']; published: JWK }) {
    this.server = server;
    this.keys = of.keys;
    this.published = of.published;
  }

  static async start(): Promise<OidcIssuer> {
    const [real, forged] = [await generateKeyPair('RS256'), await generateKeyPair('RS256')];
    const published = { ...(await exportJWK(real.publicKey)), kid: 'one', alg: 'RS256', use: 'sig' };
    const server = createServer((request, response) => {
      void issuer.answer(request).then(({ status, body }) => {
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
      });
    });
    const keys = { real: real.privateKey, forged: forged.privateKey };
    const issuer = new OidcIssuer(server, { keys, published });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    issuer.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return issuer;
  }

  /** Somebody logs in at the address that they were sent to; answers the address to which they are sent back. */
  authorise(sentTo: string, login: Login): URL {
    const { searchParams: asked, origin } = new URL(sentTo);
    if (origin !== this.url || asked.get('client_id') !== this.clientId)
      throw new Error('not for this issuer');
    if (asked.get('code_challenge_method') !== 'S256') throw new Error('no PKCE');
    const code = randomUUID();
    this.grants.set(code, {
      login,
      challenge: asked.get('code_challenge') ?? '',
      nonce: asked.get('nonce') ?? '',
      redirectUri: asked.get('redirect_uri') ?? '',
    });
    const back = new URL(asked.get('redirect_uri') ?? '');
    back.searchParams.set('code', code);
    back.searchParams.set('state', asked.get('state') ?? '');
    return back;
  }

  async answer(request: IncomingMessage): Promise<{ status: number; body: unknown }> {
    switch (request.url) {
      case '/.well-known/openid-configuration':
        return { status: 200, body: this.metadata() };
      case '/jwks':
        return { status: 200, body: { keys: [this.published] } };
      case '/token':
        return this.exchange(await bodyOf(request));
      default:
        return { status: 404, body: {} };
    }
  }

  private metadata(): Record<string, unknown> {
    const { url } = this;
    return {
      issuer: url,
      authorization_endpoint: `${url}/authorize`,
      token_endpoint: `${url}/token`,
      jwks_uri: `${url}/jwks`,
      response_types_supported: ['code'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['RS256'],
      code_challenge_methods_supported: ['S256'],
      token_endpoint_auth_methods_supported: ['client_secret_post'],
    };
  }

  private async exchange(body: URLSearchParams): Promise<{ status: number; body: unknown }> {
    const code = body.get('code') ?? '';
    const grant = this.grants.get(code);
    this.grants.delete(code);
    const challenge = createHash('sha256')
      .update(body.get('code_verifier') ?? '')
      .digest('base64url');
    const isGood =
      grant !== undefined &&
      challenge === grant.challenge &&
      body.get('redirect_uri') === grant.redirectUri &&
      body.get('client_secret') === this.clientSecret;
    if (!isGood) return { status: 400, body: { error: 'invalid_grant' } };
    const token = { access_token: 'access', token_type: 'bearer', id_token: await this.idToken(grant) };
    return { status: 200, body: token };
  }

  private idToken({ login, nonce }: Grant): Promise<string> {
    const now = Math.floor(Date.now() / 1_000);
    return new SignJWT({
      nonce: login.nonce ?? nonce,
      ...(login.email === undefined ? {} : { email: login.email }),
      ...(login.emailVerified === undefined ? {} : { email_verified: login.emailVerified }),
    })
      .setProtectedHeader({ alg: 'RS256', kid: 'one' })
      .setIssuer(this.url)
      .setSubject(login.sub)
      .setAudience(login.audience ?? this.clientId)
      .setIssuedAt(now - 1)
      .setExpirationTime(now + (login.expiresIn ?? 300))
      .sign(login.isForged === true ? this.keys.forged : this.keys.real);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
