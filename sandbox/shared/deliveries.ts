/** What a CRM has on its way to us. A test may hold it back and send it in another order, twice, or never. */
export class Deliveries<Item> {
  private readonly post: (item: Item) => Promise<void>;
  private held: Item[] | null = null;
  private inFlight: Promise<unknown> = Promise.resolve();

  constructor(post: (item: Item) => Promise<void>) {
    this.post = post;
  }

  send(item: Item): void {
    if (this.held === null) this.inFlight = Promise.all([this.inFlight, this.post(item)]);
    else this.held.push(item);
  }

  /** Keeps what is to be sent until `release`. */
  hold(): void {
    this.held ??= [];
  }

  /** Sends what was held, in the order and as often as `arrange` says. */
  async release(arrange: (held: readonly Item[]) => readonly Item[] = (held) => held): Promise<void> {
    const held = this.held ?? [];
    this.held = null;
    for (const item of arrange(held)) this.send(item);
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
}
