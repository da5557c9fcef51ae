/** Proves that a link came from our mail: purpose and person are signed with a key that is not in the database. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { asId, type ManagerId, type TenantId } from '../core/values/ids.ts';

const PURPOSE = 'digest-settings-v1';

export interface LinkSubject {
  readonly tenantId: TenantId;
  readonly managerId: ManagerId;
}

/** Short enough for an unfolded List-Unsubscribe header: folded, it breaks DKIM on some servers. */
export function linkToken(subject: LinkSubject, key: Buffer): string {
  const body = Buffer.from(JSON.stringify([subject.tenantId, subject.managerId])).toString('base64url');
  return `${body}.${signature(body, key)}`;
}

/** Null for a token that we did not sign. */
export function readLinkToken(token: string, key: Buffer): LinkSubject | null {
  const [body = '', given = ''] = token.split('.');
  const expected = Buffer.from(signature(body, key));
  const found = Buffer.from(given);
  if (expected.length !== found.length || !timingSafeEqual(expected, found)) return null;
  const [tenantId, managerId] = JSON.parse(Buffer.from(body, 'base64url').toString('utf8')) as [
    string,
    string,
  ];
  return { tenantId: asId<TenantId>(tenantId), managerId: asId<ManagerId>(managerId) };
}

function signature(body: string, key: Buffer): string {
  return createHmac('sha256', key).update(`${PURPOSE}.${body}`).digest('base64url').slice(0, 27);
}
