import { type WorldEdits, worldEdits } from '../shared/edits.ts';
import type { Portal } from './portal.ts';
import type { Definition } from './property-types.ts';

export interface SandboxEdits extends WorldEdits {
  /** A deal property's definition: archived, read-only, of another type. */
  changeProperty(name: string, change: Partial<Definition>): void;
  removeProperty(name: string): void;
}

export function sandboxEdits({ world, properties, clock }: Portal): SandboxEdits {
  return {
    ...worldEdits(world, clock),
    changeProperty: (name, change) => properties.change('deal', name, change),
    removeProperty: (name) => properties.remove('deal', name),
  };
}
