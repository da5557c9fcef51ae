import { expired, missingScopes, unauthorised } from './errors.ts';
import type { Reply } from './reply.ts';

export const SANDBOX_TOKEN = 'sandbox-private-app-token';

/** Everything that a route of the sandbox may ask for. */
export const ALL_SCOPES: readonly string[] = [
  'oauth',
  'crm.objects.deals.read',
  'crm.objects.deals.write',
  'crm.schemas.deals.read',
  'crm.schemas.deals.write',
  'crm.objects.companies.read',
  'crm.objects.companies.write',
  'crm.objects.contacts.read',
  'crm.objects.contacts.write',
  'crm.objects.owners.read',
  'crm.objects.products.read',
  'crm.objects.products.write',
  'crm.objects.line_items.read',
  'crm.objects.line_items.write',
  'settings.currencies.read',
  'sales-email-read',
];

/** Which tokens are good, and for what. */
export class TokenTable {
  private readonly scopes: Map<string, readonly string[]>;
  private readonly outdated = new Set<string>();

  constructor(tokens: Readonly<Record<string, readonly string[]>>) {
    this.scopes = new Map(Object.entries(tokens));
  }

  grant(token: string, scopes: readonly string[] = ALL_SCOPES): void {
    this.scopes.set(token, scopes);
    this.outdated.delete(token);
  }

  /** From now on 401 as if it had never been issued. */
  revoke(token: string): void {
    this.scopes.delete(token);
  }

  /** From now on 401 as an expired OAuth token gets it. */
  expire(token: string): void {
    this.outdated.add(token);
  }

  /** Null when the header's token may do what needs these scopes. */
  refuse(authorization: string | undefined, needed: readonly string[]): Reply | null {
    const token = /^Bearer (.+)$/i.exec(authorization ?? '')?.[1];
    const granted = token === undefined ? undefined : this.scopes.get(token);
    if (token === undefined || granted === undefined) return unauthorised();
    if (this.outdated.has(token)) return expired();
    const missing = needed.filter((scope) => !granted.includes(scope));
    return missing.length === 0 ? null : missingScopes(missing);
  }
}
