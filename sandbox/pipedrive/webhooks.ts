/** Webhooks 2.0 as crm/pipedrive.md section 9 describes them: registered by the API, sent after each change of a deal. */
import { setTimeout as wait } from 'node:timers/promises';
import { Deliveries } from '../shared/deliveries.ts';
import type { WorldChange } from '../world/types.ts';
import type { Account } from './account.ts';
import type { Json } from './reply.ts';
import type { Webhook } from './webhook.ts';
import { webhookBody } from './webhook-body.ts';

const MOST = 40;
/** Pipedrive's own. */
const PATIENCE_MS = 10_000;
/** First attempts that fail in a row before the webhook is banned; its events are then lost. */
const BAN_AFTER = 10;
const BAN_MS = 30 * 60_000;

interface Sent {
  readonly webhookId: number;
  readonly body: Json;
}

export interface Delivery extends Sent {
  /** One per attempt; 0: no answer. */
  readonly statuses: number[];
}

/** The senders' desk of one account. */
export class WebhookDesk {
  readonly registered = new Map<number, Webhook>();
  readonly deliveries: Delivery[] = [];
  /** What is on its way, to be held back by a test. */
  readonly onTheWay = new Deliveries<Sent>((sent) => this.post(sent));
  /** Waits before the second, third and fourth attempt, in real time. */
  retryMs: readonly number[] = [3_000, 30_000, 150_000];
  /** Real time in which a delivery must be answered to count. */
  patienceMs = PATIENCE_MS;
  private readonly account: Account;
  private readonly signal: AbortSignal;
  private nextId = 1;

  constructor(account: Account, signal: AbortSignal) {
    this.account = account;
    this.signal = signal;
    account.world.onChange((change) => this.tell(change));
  }

  add(
    wanted: Pick<Webhook, 'url' | 'action' | 'object' | 'version' | 'name' | 'user' | 'password'>,
  ): Webhook | null {
    if (this.registered.size >= MOST) return null;
    const state = { lastStatus: null, lastAtMs: null, failedFirst: 0, bannedUntilMs: 0 };
    const webhook = { ...wanted, ...state, id: this.nextId, addedAtMs: this.account.clock.nowMs() };
    this.nextId += 1;
    this.registered.set(webhook.id, webhook);
    return webhook;
  }

  private tell(change: WorldChange): void {
    if (change.record.kind !== 'deal') return;
    for (const webhook of this.registered.values())
      for (const body of webhookBody(this.account, webhook, change))
        this.onTheWay.send({ webhookId: webhook.id, body });
  }

  private async post({ webhookId, body }: Sent): Promise<void> {
    const webhook = this.registered.get(webhookId);
    if (webhook === undefined || webhook.bannedUntilMs > this.account.clock.nowMs()) return;
    const delivery: Delivery = { webhookId, body, statuses: [] };
    this.deliveries.push(delivery);
    await this.attempts(webhook, delivery);
  }

  private async attempts(webhook: Webhook, delivery: Delivery): Promise<void> {
    for (const [nth, delayMs] of [0, ...this.retryMs].entries()) {
      if (delayMs > 0) await wait(delayMs, undefined, { ref: false });
      if (this.signal.aborted) return;
      const status = await this.send(webhook, delivery.body, nth + 1);
      delivery.statuses.push(status);
      webhook.lastStatus = status;
      webhook.lastAtMs = this.account.clock.nowMs();
      if (status >= 200 && status < 300) return;
      if (nth === 0) this.countFailure(webhook);
    }
  }

  private countFailure(webhook: Webhook): void {
    webhook.failedFirst += 1;
    if (webhook.failedFirst < BAN_AFTER) return;
    webhook.failedFirst = 0;
    webhook.bannedUntilMs = this.account.clock.nowMs() + BAN_MS;
  }

  private async send(webhook: Webhook, body: Json, attempt: number): Promise<number> {
    const credentials = `${webhook.user ?? ''}:${webhook.password ?? ''}`;
    const authorization = `Basic ${Buffer.from(credentials).toString('base64')}`;
    const signed = webhook.user === null ? {} : { authorization };
    const meta = { ...(body['meta'] as Json), attempt };
    try {
      const answer = await fetch(webhook.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...signed },
        body: JSON.stringify({ ...body, meta }),
        redirect: 'manual',
        signal: AbortSignal.any([this.signal, AbortSignal.timeout(this.patienceMs)]),
      });
      return answer.status;
    } catch {
      return 0;
    }
  }
}
