import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { PLANTED } from '../../sandbox/company/bad-records.ts';
import { type SeededCompany, seededCompany } from '../../sandbox/company/company.ts';
import { companySettingsYaml } from '../../sandbox/company/settings.ts';
import { playOn, worldAt } from '../../sandbox/world/script.ts';
import { RECORD_KINDS, type WorldRecord } from '../../sandbox/world/types.ts';
import type { World } from '../../sandbox/world/world.ts';

const MONDAY = Temporal.PlainDate.from('2026-11-23');
const WEEK_MS = 7 * 24 * 3_600_000;

function companyOf(locale: 'fr' | 'en', asOf = MONDAY): SeededCompany {
  return seededCompany({ seed: 'jalon', locale, asOf });
}

function midnight(company: SeededCompany, day = company.options.asOf): Temporal.Instant {
  return day.toZonedDateTime(company.days.zone).toInstant();
}

function worldOf(company: SeededCompany): World {
  return worldAt(company.script, midnight(company));
}

function living(world: World): readonly WorldRecord[] {
  return world.list('deal').filter((deal) => deal.archivedAtMs === null);
}

function outcomeOf(world: World, deal: WorldRecord): 'won' | 'lost' | null {
  return world.stage(world.value(deal, 'stage') ?? '')?.stage.outcome ?? null;
}

/** Everything that can be seen of a world, as text. */
function pictureOf(world: World): string {
  return JSON.stringify(
    RECORD_KINDS.map((kind) =>
      world.list(kind).map((record) => [record.id, record.updatedAtMs, [...record.fields]]),
    ),
  );
}

describe.each(['fr', 'en'] as const)('the seeded company (%s)', (locale) => {
  const company = companyOf(locale);
  const world = worldOf(company);

  it('is the same to the last value each time it is made', () => {
    expect(pictureOf(worldOf(companyOf(locale)))).toBe(pictureOf(world));
  });

  it('has about 400 deals in two pipelines and two currencies, over 18 months', () => {
    const deals = living(world);
    expect(deals.length).toBeGreaterThan(380);
    expect(deals.length).toBeLessThan(420);
    expect(new Set(deals.map((deal) => world.value(deal, 'pipeline'))).size).toBe(2);
    expect(new Set(deals.map((deal) => world.value(deal, 'currency')))).toEqual(
      new Set([company.home, company.abroad]),
    );
    const span = world.asOfMs - Math.min(...deals.map((deal) => deal.createdAtMs));
    expect(span / (30 * 24 * 3_600_000)).toBeGreaterThan(17);
  });

  it('has three managers, twelve reps in three teams, and one who left', () => {
    expect(world.teams).toHaveLength(3);
    expect(company.staff.managers).toHaveLength(3);
    expect(world.owners.filter((owner) => owner.active)).toHaveLength(15);
    expect(world.owners.filter((owner) => !owner.active)).toHaveLength(1);
  });

  it('wins a believable share of what it closes', () => {
    const outcomes = living(world).map((deal) => outcomeOf(world, deal));
    const won = outcomes.filter((outcome) => outcome === 'won').length;
    const closed = outcomes.filter((outcome) => outcome !== null).length;
    expect(won / closed).toBeGreaterThan(0.18);
    expect(won / closed).toBeLessThan(0.35);
    expect(outcomes.length - closed).toBeGreaterThan(70);
  });

  it('shows nothing that lies after the day one looks', () => {
    const later = RECORD_KINDS.flatMap((kind) => world.list(kind)).filter((record) =>
      [...record.fields.values()].some((versions) =>
        versions.some((version) => version.atMs >= world.asOfMs),
      ),
    );
    expect(later).toEqual([]);
  });

  it('had wins, losses, progress, falls, pushes and new deals in the last week, in every team', () => {
    const weekAgo = world.asOfMs - WEEK_MS;
    for (const team of world.teams) {
      const members = world.owners
        .filter((owner) => owner.teamIds.includes(team.id))
        .map((owner) => owner.id);
      const deals = living(world).filter((deal) => members.includes(world.value(deal, 'owner') ?? ''));
      const moved = deals.filter((deal) => (world.history(deal, 'stage').at(-1)?.atMs ?? 0) >= weekAgo);
      const outcomes = moved.map((deal) => outcomeOf(world, deal));
      expect(outcomes).toContain('won');
      expect(outcomes).toContain('lost');
      expect(outcomes).toContain(null);
      const pushed = deals.filter((deal) => world.history(deal, 'close_date').length > 1);
      expect(pushed.some((deal) => (world.history(deal, 'close_date').at(-1)?.atMs ?? 0) >= weekAgo)).toBe(
        true,
      );
      expect(deals.some((deal) => deal.createdAtMs >= weekAgo)).toBe(true);
    }
  });

  it('holds the records that are wrong on purpose, as many as it says', () => {
    const deals = living(world);
    const having = (field: string, holds: (value: string | null) => boolean) =>
      deals.filter((deal) => holds(world.value(deal, field))).length;
    const known = new Set(world.owners.map((owner) => owner.id));
    const left = world.owners.find((owner) => !owner.active)?.id;
    expect(having('amount', (value) => value === null)).toBe(PLANTED.amountMissing);
    expect(having('amount', (value) => value?.startsWith('-') ?? false)).toBe(PLANTED.amountNegative);
    expect(having('owner', (value) => value !== null && !known.has(value))).toBe(PLANTED.ownerUnknown);
    expect(having('owner', (value) => value === null)).toBe(PLANTED.ownerMissing);
    expect(having('close_date', (value) => value === null)).toBe(PLANTED.closeDateMissing);
    expect(having('name', (value) => value?.includes('<script>') ?? false)).toBe(PLANTED.nameWithMarkup);
    const orphans = deals.filter(
      (deal) => world.value(deal, 'owner') === left && outcomeOf(world, deal) === null,
    );
    expect(orphans).toHaveLength(PLANTED.ownerLeft);
    const meanings = parse(companySettingsYaml(company)).stages as Record<string, string>;
    expect(having('stage', (value) => !(value !== null && value in meanings))).toBe(PLANTED.stageUnmapped);
  });

  it('goes on when the week goes on', () => {
    const later = worldOf(company);
    const until = midnight(company, MONDAY.add({ days: 7 }));
    const happened = playOn(later, company.script, midnight(company), until);
    expect(happened).toBeGreaterThan(20);
    const closed = living(later).filter(
      (deal) =>
        outcomeOf(later, deal) !== null && (later.history(deal, 'stage').at(-1)?.atMs ?? 0) >= later.asOfMs,
    );
    expect(closed.length).toBeGreaterThan(0);
  });

  it('comes with a company file whose weights keep the law of the verbal commitment', () => {
    const file = parse(companySettingsYaml(company));
    expect(file.milestones.map((milestone: { weight: number }) => milestone.weight)).toEqual([
      10, 25, 40, 60,
    ]);
    expect(file.managers).toHaveLength(3);
    expect(file.managers.map((manager: { teams: string[] }) => manager.teams[0])).toEqual(
      world.teams.map((team) => team.name),
    );
    const present = file.targets.filter((target: { period: string }) => target.period === '2026-Q4');
    const whole = present.find((target: { manager?: string }) => target.manager === undefined);
    const parts = present.filter((target: { manager?: string }) => target.manager !== undefined);
    const sum = parts.reduce((total: bigint, part: { amount: string }) => total + BigInt(part.amount), 0n);
    expect(BigInt(whole.amount)).toBe(sum);
  });
});

describe('the same company on another day', () => {
  it('still has news in its last week when that day is a holiday Monday or a Saturday', () => {
    for (const day of ['2027-01-04', '2026-08-15']) {
      const company = companyOf('fr', Temporal.PlainDate.from(day));
      const world = worldOf(company);
      const recent = living(world).filter((deal) => {
        return (world.history(deal, 'stage').at(-1)?.atMs ?? 0) >= world.asOfMs - WEEK_MS;
      });
      expect(new Set(recent.map((deal) => outcomeOf(world, deal)))).toEqual(new Set(['won', 'lost', null]));
    }
  });
});
