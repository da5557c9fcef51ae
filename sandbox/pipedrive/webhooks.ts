/** Webhooks 2.0 as crm/pipedrive.md section 9 describes them: registered by the API, sent after each change of a deal. */
import { setTimeout as wait } from 'node:timers/promises';
import type { WorldChange } from '../world/types.ts';
import type { Account } from './account.ts';
import type { Json } from './reply.ts';
import type { Webhook } from './webhook.ts';
import { webhookBody } from './webhook-body.ts';

const MOST = 40;
/** A delivery counts when it is answered within this. */
const PATIENCE_MS = 10_000;
/** First attempts that fail in a row before the webhook is banned; its events are then lost. */
const BAN_AFTER = 10;
const BAN_MS = 30 * 60_000;

export interface Delivery {
  readonly webhookId: number;
  readonly body: Json;
  /** One per attempt; 0: no answer. */
  readonly statuses: number[];
}

/** The senders' desk of one account. */
export class WebhookDesk {
  readonly registered = new Map<number, Webhook>();
  readonly deliveries: Delivery[] = [];
  /** Waits before the second, third and fourth attempt, in real time. */
  retryMs: readonly number[] = [3_000, 30_000, 150_000];
  private readonly account: Account;
  private readonly signal: AbortSignal;
  private held: Delivery[] | null = null;
  private inFlight: Promise<unknown> = Promise.resolve();
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

  /** Keeps what is to be sent until `release`. */
  hold(): void {
    this.held ??= [];
  }

  /** Sends what was held, in the order and as often as `arrange` says. */
  async release(arrange: (held: readonly Delivery[]) => readonly Delivery[] = (held) => held): Promise<void> {
    const held = this.held ?? [];
    this.held = null;
    for (const { webhookId, body } of arrange(held)) this.post({ webhookId, body, statuses: [] });
    await this.settled();
  }

  /** When nothing is on its way any more. */
  async settled(): Promise<void> {
    let seen: Promise<unknown> | null = null;
    while (seen !== this.inFlight) {
      seen = this.inFlight;
      await seen;
    }
  }

  private tell(change: WorldChange): void {
    if (change.record.kind !== 'deal') return;
    for (const webhook of this.registered.values())
      for (const body of webhookBody(this.account, webhook, change)) {
        const delivery = { webhookId: webhook.id, body, statuses: [] };
        if (this.held === null) this.post(delivery);
        else this.held.push(delivery);
      }
  }

  private post(delivery: Delivery): void {
    const webhook = this.registered.get(delivery.webhookId);
    if (webhook === undefined || webhook.bannedUntilMs > this.account.clock.nowMs()) return;
    this.deliveries.push(delivery);
    const sent = this.attempts(webhook, delivery);
    this.inFlight = Promise.all([this.inFlight, sent]);
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
        signal: AbortSignal.any([this.signal, AbortSignal.timeout(PATIENCE_MS)]),
      });
      return answer.status;
    } catch {
      return 0;
    }
  }
}
