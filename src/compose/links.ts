/** Addresses of our pages and of CRM records. Deal links are built from ids, never from a text of the CRM. */
import type { LinkMaker } from '../../jobs/context.ts';
import type { CrmKind } from '../core/values/crm.ts';
import { linkToken } from '../http/link-token.ts';

const DEAL_LINK: Readonly<Record<CrmKind, (account: string, deal: string) => string>> = {
  hubspot: (account, deal) => `https://app.hubspot.com/contacts/${account}/record/0-3/${deal}`,
  pipedrive: (_account, deal) => `https://app.pipedrive.com/deal/${deal}`,
};

export function linkMaker(address: { readonly base: string }, key: Buffer): LinkMaker {
  return {
    deal: (crm, accountId, dealId) =>
      DEAL_LINK[crm](encodeURIComponent(accountId), encodeURIComponent(dealId)),
    digest: ({ tenantId, managerId, digestId, asOf, locale }) => {
      const week = new URLSearchParams({ lang: locale, manager: managerId, week: asOf.toString() });
      const settings = `${address.base}/digest-settings/${linkToken({ tenantId, managerId }, key)}`;
      return {
        forecast: `${address.base}/?${week}`,
        review: `${address.base}/review?${week}`,
        settings,
        unsubscribe: settings,
        browser: `${address.base}/digest/${encodeURIComponent(digestId)}`,
      };
    },
    digestPage: (managerId) =>
      `${address.base}/digests${managerId === null ? '' : `?manager=${encodeURIComponent(managerId)}`}`,
  };
}
