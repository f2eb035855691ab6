import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/** A session ends this long after it began, in milliseconds: 30 days. */
export const SESSION_LIFE = 30 * 24 * 3600 * 1000;

/** More one-time tokens than this never wait at once: the oldest is dropped. */
const TOKENS_KEPT = 32;

export interface SessionEffects {
  /** Milliseconds since the epoch. */
  now(): number;
  random(bytes: number): Buffer;
}

/**
 * Who may come in: one-time tokens that are exchanged for a session, and sessions that are checked.
 *
 * A session is `issued.nonce.hmac`, signed with a secret that is kept in the data folder, so an open browser
 * tab finds its way back after the editor was restarted; deleting the secret ends every session. Tokens are
 * kept as hashes, so that neither a core dump nor a log of this object gives one away.
 */
export class Sessions {
  readonly #secret: Buffer;
  readonly #effects: SessionEffects;
  /** SHA-256 of the token, in hex -> when it ends, in milliseconds. */
  readonly #tokens = new Map<string, number>();

  constructor(secret: Buffer, effects: SessionEffects) {
    this.#secret = secret;
    this.#effects = effects;
  }

  /** A new one-time token; it is good for `life` milliseconds, or until it is used. */
  mint(life: number = Number.POSITIVE_INFINITY): string {
    const token = this.#effects.random(24).toString('base64url');
    this.#tokens.set(hash(token), this.#effects.now() + life);
    for (const oldest of this.#tokens.keys()) {
      if (this.#tokens.size <= TOKENS_KEPT) break;
      this.#tokens.delete(oldest);
    }
    return token;
  }

  /** Uses a token up. Looking it up by hash compares in a time that says nothing about the token. */
  redeem(token: string): boolean {
    const key = hash(token);
    const end = this.#tokens.get(key);
    this.#tokens.delete(key);
    return end !== undefined && this.#effects.now() < end;
  }

  /** A new session's cookie value. */
  begin(): string {
    const body = `${this.#effects.now().toString(36)}.${this.#effects.random(12).toString('base64url')}`;
    return `${body}.${this.#sign(body)}`;
  }

  /** Whether a cookie value is a session that this secret signed and that has not ended. */
  holds(value: string | undefined): boolean {
    if (value === undefined || value.length > 200) return false;
    const cut = value.lastIndexOf('.');
    const body = value.slice(0, Math.max(cut, 0));
    const given = Buffer.from(value.slice(cut + 1));
    const right = Buffer.from(this.#sign(body));
    if (given.length !== right.length || !timingSafeEqual(given, right)) return false;
    const age = this.#effects.now() - Number.parseInt(body.slice(0, body.indexOf('.')), 36);
    return age >= 0 && age < SESSION_LIFE;
  }

  #sign(body: string): string {
    return createHmac('sha256', this.#secret).update(body).digest('base64url');
  }
}

function hash(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
