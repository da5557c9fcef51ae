/** A webhook as an account keeps it. */
export interface Webhook {
  readonly id: number;
  readonly url: string;
  readonly action: string;
  readonly object: string;
  readonly version: string;
  readonly name: string;
  readonly user: string | null;
  readonly password: string | null;
  readonly addedAtMs: number;
  lastStatus: number | null;
  lastAtMs: number | null;
  failedFirst: number;
  bannedUntilMs: number;
}
