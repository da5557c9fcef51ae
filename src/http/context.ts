import type { LinkMaker } from '../../jobs/context.ts';
import type { Config } from '../config.ts';
import type { CrmKind } from '../core/values/crm.ts';
import type { TenantId } from '../core/values/ids.ts';
import type { Clock } from '../ports/clock.ts';
import type { Logger } from '../ports/logger.ts';
import type { Mailer } from '../ports/mailer.ts';
import type { Store } from '../ports/store.ts';
import type { WebhookDoor } from './webhook-door.ts';

/** What the pages may use. */
export interface HttpContext {
  readonly store: Store;
  readonly tenantId: TenantId;
  readonly crm: CrmKind;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly links: LinkMaker;
  /** A mail as it would be handed to the mail server. */
  readonly mailSource: Mailer['source'];
  /** Rings for effects that were just committed, so that they run now and not at the next sweep. Never fails and is not waited for. */
  readonly ring: (effectIds: readonly string[]) => void;
  /** Signs links in mails. */
  readonly key: Buffer;
  readonly config: Config;
  /** Names for the banner of every page, as looked up for this request (src/http/digest-watch.ts). */
  readonly missingDigests?: () => readonly string[];
  /** Absent: no webhook is taken. */
  readonly webhooks?: WebhookDoor;
}
