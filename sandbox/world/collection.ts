import { compareIds } from './ids.ts';
import type { WorldRecord } from './types.ts';

/** Records of one kind: by id, and ascending by id for those who page. Creation in id order, the usual case, costs no sort. */
export class Collection {
  private readonly byId = new Map<string, WorldRecord>();
  private ordered: WorldRecord[] = [];
  private inOrder = true;

  add(record: WorldRecord): void {
    if (this.byId.has(record.id)) throw new Error(`the world already has a ${record.kind} ${record.id}`);
    const last = this.ordered.at(-1);
    if (last !== undefined && compareIds(last.id, record.id) > 0) this.inOrder = false;
    this.byId.set(record.id, record);
    this.ordered.push(record);
  }

  remove(id: string): void {
    this.byId.delete(id);
    this.ordered = this.ordered.filter((record) => record.id !== id);
  }

  get(id: string): WorldRecord | undefined {
    return this.byId.get(id);
  }

  /** Archived records included. Do not change the array. */
  sorted(): readonly WorldRecord[] {
    if (!this.inOrder) {
      this.ordered.sort((a, b) => compareIds(a.id, b.id));
      this.inOrder = true;
    }
    return this.ordered;
  }

  get size(): number {
    return this.byId.size;
  }
}
