import type { Configuration } from 'openid-client';
import { hashSecret } from '../../sessions/secrets.ts';
import type { Clock } from '../../sessions/ports.ts';
import type { OidcSettings } from '../config.ts';

/** How long somebody may take at the login server. */
const ATTEMPT_MS = 10 * 60 * 1_000;
const MOST_ATTEMPTS = 1_000;
const TIMEOUT_SECONDS = 10;

interface Attempt {
  /** SHA-256 of what the browser that began it was given. */
  browser: string;
  redirectUri: string;
  verifier: string;
  nonce: string;
  expiresAt: number;
}

/** How a login ended; `reason` in words for the person. */
export type OidcAnswer = { ok: true; name: string } | { ok: false; reason: string };

/** Logins through an OpenID Connect server: code flow with PKCE, state and nonce, each attempt good for one answer. */
export class OperatorOidc {
  readonly #settings: OidcSettings;
  readonly #clock: Clock;
  readonly #onTrouble: (error: unknown) => void;
  readonly #attempts = new Map<string, Attempt>();
  #found: Promise<Configuration> | null = null;

  /** `onTrouble` hears why a login server or its answer was no good; for the log. */
  constructor(of: { settings: OidcSettings; clock: Clock; onTrouble: (error: unknown) => void }) {
    this.#settings = of.settings;
    this.#clock = of.clock;
    this.#onTrouble = of.onTrouble;
  }

  /**
   * Where to send the browser; `browser` is a secret that only it knows. Null: the login server does not answer. Of more
   * than 1,000 attempts at a time the oldest are given up.
   */
  async begin(browser: string, redirectUri: string): Promise<URL | null> {
    const configuration = await this.#discover();
    if (configuration === null) return null;
    const client = await import('openid-client');
    const [state, nonce, verifier] = [
      client.randomState(),
      client.randomNonce(),
      client.randomPKCECodeVerifier(),
    ];
    const expiresAt = this.#clock.now() + ATTEMPT_MS;
    this.#attempts.set(state, { browser: hashSecret(browser), redirectUri, verifier, nonce, expiresAt });
    this.#forgetOld();
    return client.buildAuthorizationUrl(configuration, {
      redirect_uri: redirectUri,
      scope: 'openid email',
      state,
      nonce,
      code_challenge: await client.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    });
  }

  /** What came back: `query` as the browser brought it, `browser` as at the beginning (null: it has forgotten). */
  async finish(browser: string | null, query: URLSearchParams): Promise<OidcAnswer> {
    const state = query.get('state') ?? '';
    const attempt = this.#attempts.get(state);
    // Used up, whatever comes of it: no answer counts twice.
    this.#attempts.delete(state);
    if (attempt === undefined || attempt.expiresAt <= this.#clock.now())
      return { ok: false, reason: 'This login has expired or was used before. Begin again at /ops.' };
    if (browser === null || hashSecret(browser) !== attempt.browser)
      return { ok: false, reason: 'This login was begun in another browser. Begin again at /ops.' };
    const configuration = await this.#discover();
    if (configuration === null) return { ok: false, reason: 'The login server does not answer.' };
    try {
      return this.#admit(await this.#exchange(configuration, { attempt, state, query }));
    } catch (error) {
      this.#onTrouble(error);
      return { ok: false, reason: 'The login server did not vouch for you.' };
    }
  }

  async #exchange(
    configuration: Configuration,
    { attempt, state, query }: { attempt: Attempt; state: string; query: URLSearchParams },
  ) {
    const client = await import('openid-client');
    const answer = new URL(attempt.redirectUri);
    answer.search = query.toString();
    const tokens = await client.authorizationCodeGrant(configuration, answer, {
      expectedState: state,
      expectedNonce: attempt.nonce,
      pkceCodeVerifier: attempt.verifier,
      idTokenExpected: true,
    });
    return tokens.claims();
  }

  #admit(claims: { sub: string; email?: unknown; email_verified?: unknown } | undefined): OidcAnswer {
    const { operators } = this.#settings;
    const email =
      typeof claims?.email === 'string' && claims.email_verified === true ? claims.email.toLowerCase() : null;
    if (email !== null && operators.some((operator) => operator.toLowerCase() === email))
      return { ok: true, name: email };
    if (claims !== undefined && operators.includes(claims.sub)) return { ok: true, name: claims.sub };
    return { ok: false, reason: 'You are not on the list of operators of this server (OIDC_OPERATORS).' };
  }

  /** The login server's settings, looked up once; again at the next login when it did not answer. */
  async #discover(): Promise<Configuration | null> {
    const { issuer, clientId, clientSecret } = this.#settings;
    this.#found ??= (async () => {
      const client = await import('openid-client');
      // Signatures are checked although the tokens come straight from the server.
      const execute = [client.enableNonRepudiationChecks];
      if (issuer.startsWith('http:')) execute.push(client.allowInsecureRequests);
      const how = clientSecret === null ? client.None() : client.ClientSecretPost(clientSecret);
      return client.discovery(new URL(issuer), clientId, {}, how, { execute, timeout: TIMEOUT_SECONDS });
    })();
    try {
      return await this.#found;
    } catch (error) {
      this.#found = null;
      this.#onTrouble(error);
      return null;
    }
  }

  #forgetOld(): void {
    const now = this.#clock.now();
    for (const [state, { expiresAt }] of this.#attempts)
      if (expiresAt <= now || this.#attempts.size > MOST_ATTEMPTS) this.#attempts.delete(state);
      else break;
  }
}
