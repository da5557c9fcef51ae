import type { Link, RecordKind, RecordRef } from './types.ts';

/** Links between records, kept from both ends. */
export class Links {
  private readonly ends = new Map<string, Map<string, Link>>();

  /** False when the link was already there with the same mark. */
  add(from: RecordRef, to: RecordRef, primary: boolean): boolean {
    const before = this.ends.get(key(from))?.get(key(to));
    if (before !== undefined && before.primary === primary) return false;
    this.put(from, { ...to, primary });
    this.put(to, { ...from, primary });
    return true;
  }

  remove(from: RecordRef, to: RecordRef): boolean {
    const there = this.ends.get(key(from))?.delete(key(to)) ?? false;
    this.ends.get(key(to))?.delete(key(from));
    return there;
  }

  /** Linked records of a kind, in the order in which they were linked. */
  of(from: RecordRef, kind: RecordKind): readonly Link[] {
    const all = this.ends.get(key(from));
    return all === undefined ? [] : [...all.values()].filter((link) => link.kind === kind);
  }

  all(from: RecordRef): readonly Link[] {
    return [...(this.ends.get(key(from))?.values() ?? [])];
  }

  private put(from: RecordRef, link: Link): void {
    let links = this.ends.get(key(from));
    if (links === undefined) {
      links = new Map();
      this.ends.set(key(from), links);
    }
    links.set(key(link), link);
  }
}

function key(ref: RecordRef): string {
  return `${ref.kind}/${ref.id}`;
}
