/** A manager's digest as a mail: what is sent, what a test shows, and what the preview prints as source are one composer. */
import type { Mail, MailAddress } from '../../src/ports/mailer.ts';
import type { TenantStore } from '../../src/ports/store.ts';
import { renderDigest } from '../../templates/digest/render.ts';
import type { LinkMaker } from '../context.ts';
import { type DigestSubject, digestModelOf } from './digest-model.ts';

/** What the composer needs of a job's context, so that a page can use it too. */
export interface Composer {
  readonly links: LinkMaker;
  readonly mailFrom: MailAddress;
}

/** The mail of the ledger row `digestId`: its Message-ID is the same in every attempt. */
export async function digestMail(
  composer: Composer,
  tenant: TenantStore,
  request: DigestSubject,
): Promise<Mail> {
  const { manager, digestId } = request;
  const model = await digestModelOf(tenant, composer.links, request);
  const { subject, html, text } = renderDigest(model);
  const domain = domainOf(composer.mailFrom);
  return {
    from: composer.mailFrom,
    to: { name: manager.name, address: manager.email },
    subject,
    html,
    text,
    messageId: `<digest.${digestId}@${domain}>`,
    headers: {
      'List-Unsubscribe': `<${model.links.unsubscribe}>`,
      'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
      'List-ID': `<digest.jalon.${domain}>`,
      'Auto-Submitted': 'auto-generated',
    },
  };
}

export function domainOf({ address }: MailAddress): string {
  return address.split('@')[1] ?? 'localhost';
}
