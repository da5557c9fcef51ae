import { describe, expect, it } from 'vitest';
import { gapPlan } from '../../src/core/gap/gap.ts';
import type { PlanFigures } from '../../src/core/gap/plan-types.ts';
import { asId, type DealId, type OwnerId } from '../../src/core/values/ids.ts';
import { type GapPageInput, gapPageView } from '../../src/web/gap/gap-page.ts';
import { renderGapPage } from '../../src/web/render.ts';
import { MILESTONES, milestoneKey, summaryFixture } from '../support/digest-model.ts';
import { HOSTILE, pageInputFixture } from '../support/forecast-page.ts';

const summary = summaryFixture();

function figures(firstInTime: number, changes: Partial<PlanFigures> = {}): PlanFigures {
  const { targetMinor, wonMinor, expectedMinor } = summary;
  const due = { dueMinor: 50_000_000n, deals: 30, ratio: 0.9 };
  return {
    summary,
    gap: gapPlan({
      targetMinor: targetMinor ?? 0n,
      wonMinor,
      expectedMinor,
      averageWonMinor: 2_270_000n,
      firstInTime,
      firstEventually: 0.22,
      meanContacts: null,
    }),
    averageWonMinor: 2_270_000n,
    firstInTime,
    firstEventually: 0.22,
    helpsFrom: milestoneKey('verbal'),
    contacts: null,
    actions: Array.from({ length: 40 }, (_, index) => ({
      dealId: asId<DealId>(String(index)),
      dealName: `Deal ${index}`,
      ownerId: asId<OwnerId>('o1'),
      milestone: milestoneKey('verbal'),
      gainMinor: 2_000_049n - BigInt(index) * 30_011n,
      effortDays: 4,
      gainMinorPerDay: 1n,
      missing: null,
    })),
    coverage: { ...due, toWinMinor: 53_219_960n, withoutCloseDate: 0, byMilestone: [] },
    velocity: {
      openDeals: 93,
      winRate: 0.22,
      averageWonMinor: 2_270_000n,
      cycleDays: 61,
      perDayMinor: 760_000n,
    },
    funnel: [],
    calibration: [],
    ...changes,
  };
}

function render(locale: 'fr' | 'en', shown: PlanFigures, changes: Partial<GapPageInput> = {}): string {
  const { header, owners, managers } = pageInputFixture(locale);
  const input = { locale, managerId: 'm1', header, figures: shown, owners, milestones: MILESTONES, managers };
  return renderGapPage(gapPageView({ ...input, ...changes }));
}

describe('the gap page', () => {
  it('warns that new prospects cannot close the gap when they would come too late, and only then', () => {
    expect(render('en', figures(0.0002))).toContain('class="warning">New prospects cannot close this gap');
    expect(render('en', figures(0.0002))).toContain('Act on open deals from “Verbal commitment” on.');
    expect(render('en', figures(0.05))).not.toContain('cannot close this gap');
  });

  it('says how many prospects it takes, one day and in time', () => {
    const html = render('en', figures(0.05));
    expect(html).toMatch(/22\.0%/);
    expect(html).toMatch(/5\.0%/);
  });

  it('adds up the gains shown and those of the others to the total', () => {
    const cells = [...render('en', figures(0.05)).matchAll(/class="num gain"[^>]*>([^<]*)</g)];
    const amounts = cells.map(([, text = '']) => BigInt(text.replace(/\D/g, '')));
    expect(amounts).toHaveLength(17);
    expect(render('en', figures(0.05))).toContain('<td role="cell" class="num" data-label="A day">€0</td>');
    expect(amounts.slice(0, -1).reduce((sum, one) => sum + one, 0n)).toBe(amounts.at(-1));
  });

  it('says the gap as the difference of the figures beside it, whatever the cents', () => {
    const halves = { targetMinor: 1_000_050n, wonMinor: 100_050n, expectedMinor: 200_050n };
    const html = render('en', figures(0.05, { summary: summaryFixture(halves) }));
    const sentence = /: (€[\d,]+) missing = target (€[\d,]+) − (€[\d,]+) signed − (€[\d,]+) expected/;
    const [gap, target, won, expected] = (sentence.exec(html) ?? [])
      .slice(1)
      .map((text) => Number(text.replace(/\D/g, '')));
    expect([target, won, expected]).toEqual([10_001, 1_001, 2_001]);
    expect(gap).toBe(10_001 - 1_001 - 2_001);
  });

  it('says how many of the next proofs it takes, or what would still be missing with all of them', () => {
    const short = { targetMinor: 10_000_000n, wonMinor: 0n, expectedMinor: 5_000_000n };
    const enough = render('en', figures(0.05, { summary: summaryFixture(short) }));
    const gains = [...enough.matchAll(/class="num gain"[^>]*>([^<]*)</g)].map(([, text = '']) =>
      Number(text.replace(/\D/g, '')),
    );
    expect(enough).toContain('The first 3 of them would add €59,100: that closes the gap.');
    expect((gains[0] ?? 0) + (gains[1] ?? 0)).toBeLessThan(50_000);
    expect((gains[0] ?? 0) + (gains[1] ?? 0) + (gains[2] ?? 0)).toBe(59_100);
    const long = render(
      'en',
      figures(0.05, { summary: summaryFixture({ ...short, targetMinor: 1_000_000_000n }) }),
    );
    const total = Number(
      /All of them together would add (€[\d,]+); (€[\d,]+) would still be missing/
        .exec(long)?.[1]
        ?.replace(/\D/g, ''),
    );
    expect(long).toContain(`€${(9_950_000 - total).toLocaleString('en-GB')} would still be missing`);
  });

  it('says so without a target, and without anything to prove', () => {
    const html = render(
      'fr',
      figures(0.05, {
        gap: null,
        actions: [],
        summary: summaryFixture({ targetMinor: null, gapMinor: null }),
      }),
    );
    expect(html).toContain('Aucune preuve n’ajouterait à la période.');
    expect(html).not.toContain('id="actions"');
  });

  it('keeps hostile names as text', () => {
    const base = figures(0.05);
    const html = render('en', {
      ...base,
      actions: base.actions.map((action) => ({ ...action, dealName: HOSTILE })),
    });
    expect(html).not.toMatch(/<script>|<img src=x|\u202E/);
  });
});
