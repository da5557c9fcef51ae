import type { ForecastLine } from '../forecast/forecast-types.ts';
import type { Converter } from '../values/exchange.ts';
import type { Owner } from './deal.ts';
import type { Manager, Target } from './manager.ts';

/**
 * Target of a manager for a period, in company currency; `manager` null asks for the whole company. null: none was set, or it is in a
 * currency without a rate. The company's target is never the sum of its managers' (their teams may overlap), but a manager
 * who answers for everybody and has no target of their own has the company's. Of two rows for one period the later one holds.
 */
export function targetFor(
  targets: readonly Target[],
  manager: Manager | null,
  periodKey: string,
  convert: Converter,
): bigint | null {
  const ofPeriod = targets.filter((target) => target.periodKey === periodKey);
  const own = ofPeriod.findLast((target) => target.managerId === (manager?.id ?? null));
  const company = ofPeriod.findLast((target) => target.managerId === null);
  const target = own ?? (manager === null || answersForAll(manager) ? company : undefined);
  return target === undefined ? null : convert(target);
}

export function answersForAll(manager: Manager): boolean {
  return manager.teamIds.length === 0 && manager.ownerIds.length === 0;
}

/** Lines of the owners a manager answers for: named ones and members of the manager's teams. A deal without owner belongs to who answers for all. */
export function linesOfManager<Line extends Pick<ForecastLine, 'ownerId'>>(
  lines: readonly Line[],
  manager: Manager,
  owners: readonly Owner[],
): readonly Line[] {
  if (answersForAll(manager)) return lines;
  const teams = new Set(manager.teamIds);
  const members = owners.filter((owner) => owner.teamIds.some((team) => teams.has(team)));
  const ids = new Set([...manager.ownerIds, ...members.map((owner) => owner.id)]);
  return lines.filter((line) => line.ownerId !== null && ids.has(line.ownerId));
}
