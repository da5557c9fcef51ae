import type { Stamp, WorldEvent, WorldScript } from './types.ts';
import { BY_PERSON, World } from './world.ts';

/**
 * The account as it stood at `asOf`: everything strictly before that instant has happened, nothing else is visible.
 * The same script gives the world of any day, so a test can look at this Monday and at the one before.
 */
export function worldAt(script: WorldScript, asOf: Temporal.Instant): World {
  const world = new World(script, asOf.epochMilliseconds);
  applyEvents(world, script.events, Number.NEGATIVE_INFINITY, asOf.epochMilliseconds);
  return world;
}

/** Lets the script go on in a world that is being served: events of [from, until). Returns how many happened. */
export function playOn(
  world: World,
  script: WorldScript,
  from: Temporal.Instant,
  until: Temporal.Instant,
): number {
  return applyEvents(world, script.events, from.epochMilliseconds, until.epochMilliseconds);
}

function applyEvents(world: World, events: readonly WorldEvent[], fromMs: number, untilMs: number): number {
  let applied = 0;
  for (const event of events) {
    if (event.atMs < fromMs) continue;
    if (event.atMs >= untilMs) break;
    if (!possible(world, event)) continue;
    applyEvent(world, event);
    applied += 1;
  }
  return applied;
}

/** False when somebody meanwhile deleted or merged away what the script speaks of: its life is over. */
function possible(world: World, event: WorldEvent): boolean {
  switch (event.what) {
    case 'create':
      return true;
    case 'link':
      return [event.from, event.to].every((end) => world.get(end.kind, end.id) !== undefined);
    case 'merge':
      return [event.winnerId, event.loserId].every((id) => world.get(event.kind, id) !== undefined);
    default:
      return world.get(event.kind, event.id) !== undefined;
  }
}

function applyEvent(world: World, event: WorldEvent): void {
  const source = 'source' in event ? event.source : undefined;
  const stamp: Stamp = { atMs: event.atMs, source: source ?? BY_PERSON };
  switch (event.what) {
    case 'create':
      world.create(event.kind, event.id, event.fields, stamp);
      return;
    case 'edit':
      world.edit(event.kind, event.id, event.fields, stamp);
      return;
    case 'link':
      world.link(event.from, event.to, stamp, event.primary ?? false);
      return;
    case 'archive':
      world.archive(event.kind, event.id, stamp);
      return;
    case 'merge':
      world.merge(event.kind, event.winnerId, event.loserId, stamp);
  }
}

/** Stable order by time: events of one instant keep the order in which they were written down. */
export function inOrderOfTime(events: readonly WorldEvent[]): readonly WorldEvent[] {
  return [...events].sort((a, b) => a.atMs - b.atMs);
}
