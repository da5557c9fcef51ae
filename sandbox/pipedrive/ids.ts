/** Pipedrive's ids are integers; the world's are text. Decimal ids that fit stay what they are, all others get a number of their own. */
export class IdBook {
  private readonly numbers = new Map<string, number>();
  private readonly texts = new Map<number, string>();
  private next: number;

  /** `first` is the number of the first text that is no usable integer; `reserved` are given to nobody. */
  constructor(first: number, reserved: readonly number[] = []) {
    this.next = first;
    for (const number of reserved) this.texts.set(number, '');
  }

  number(text: string): number {
    const known = this.numbers.get(text);
    if (known !== undefined) return known;
    const plain = /^[1-9]\d{0,15}$/.test(text) ? Number(text) : Number.NaN;
    const number = Number.isSafeInteger(plain) && !this.texts.has(plain) ? plain : this.fresh();
    this.numbers.set(text, number);
    this.texts.set(number, text);
    return number;
  }

  text(number: number): string {
    return this.texts.get(number) ?? String(number);
  }

  private fresh(): number {
    while (this.texts.has(this.next)) this.next += 1;
    return this.next;
  }
}
