/** An app's webhooks as crm/hubspot.md section 6 describes them: subscribed in the app, sent in batches of up to 100 events, signed (v3). */
import { createHmac } from 'node:crypto';
import type { SandboxClock } from '../shared/clock.ts';
import { Deliveries } from '../shared/deliveries.ts';
import type { WorldChange } from '../world/types.ts';
import type { World } from '../world/world.ts';

const BATCH = 100;
const PATIENCE_MS = 5_000;
/** The world's names of a deal's fields, where HubSpot has others. */
const PROPERTIES: Readonly<Record<string, string>> = {
  name: 'dealname',
  stage: 'dealstage',
  close_date: 'closedate',
  owner: 'hubspot_owner_id',
};

export type HubspotEvent = Readonly<Record<string, unknown>>;

export class WebhookDesk {
  /** Statuses that were answered; 0: none. */
  readonly statuses: number[] = [];
  readonly onTheWay = new Deliveries<readonly HubspotEvent[]>((events) => this.post(events));
  private readonly world: World;
  private readonly clock: SandboxClock;
  private readonly signal: AbortSignal;
  private app: { readonly url: string; readonly clientSecret: string; readonly appId: number } | null = null;
  private gathered: HubspotEvent[] = [];
  private nextEvent = 4_101_286_121;

  constructor(world: World, clock: SandboxClock, signal: AbortSignal) {
    this.world = world;
    this.clock = clock;
    this.signal = signal;
    world.onChange((change) => this.tell(change));
  }

  /** What the app's project files say. */
  subscribe(app: { readonly url: string; readonly clientSecret: string; readonly appId?: number }): void {
    this.app = { appId: 3_900_001, ...app };
  }

  private tell(change: WorldChange): void {
    if (this.app === null || change.record.kind !== 'deal') return;
    const { appId } = this.app;
    const common = {
      subscriptionId: 7_562_680,
      portalId: Number(this.world.account.id),
      appId,
      occurredAt: change.atMs,
      attemptNumber: 0,
      objectId: Number(change.record.id),
      changeSource: change.source.kind === 'app' ? 'INTEGRATION' : 'CRM_UI',
      sourceId: change.source.id ?? '',
    };
    for (const part of this.partsOf(change)) {
      this.nextEvent += 1;
      this.gathered.push({ eventId: this.nextEvent, ...common, ...part });
    }
    // What happens at once goes out together.
    queueMicrotask(() => this.flush());
  }

  private partsOf({ what, record, fields, lostId }: WorldChange): readonly HubspotEvent[] {
    switch (what) {
      case 'created':
        return [{ subscriptionType: 'deal.creation', changeFlag: 'CREATED' }];
      case 'edited':
        return fields.map((field) => ({
          subscriptionType: 'deal.propertyChange',
          propertyName: PROPERTIES[field] ?? field,
          propertyValue: this.world.value(record, field) ?? '',
        }));
      case 'archived':
      case 'purged':
        return [{ subscriptionType: 'deal.deletion', changeFlag: 'DELETED' }];
      case 'restored':
        return [{ subscriptionType: 'deal.restore' }];
      case 'merged':
        return [
          {
            subscriptionType: 'deal.merge',
            primaryObjectId: Number(record.id),
            mergedObjectIds: [Number(lostId)],
            newObjectId: Number(record.id),
            numberOfPropertiesMoved: 0,
          },
        ];
      default:
        return [];
    }
  }

  private flush(): void {
    const events = this.gathered.splice(0);
    for (let start = 0; start < events.length; start += BATCH)
      this.onTheWay.send(events.slice(start, start + BATCH));
  }

  private async post(events: readonly HubspotEvent[]): Promise<void> {
    if (this.app === null) return;
    const { url, clientSecret } = this.app;
    const body = JSON.stringify(events);
    const timestamp = String(this.clock.nowMs());
    const signature = createHmac('sha256', clientSecret)
      .update(`POST${url}${body}${timestamp}`)
      .digest('base64');
    const headers = {
      'content-type': 'application/json',
      'x-hubspot-signature-v3': signature,
      'x-hubspot-request-timestamp': timestamp,
    };
    const signal = AbortSignal.any([this.signal, AbortSignal.timeout(PATIENCE_MS)]);
    const status = await fetch(url, { method: 'POST', headers, body, signal }).then(
      (answer) => answer.status,
      () => 0,
    );
    this.statuses.push(status);
  }
}
