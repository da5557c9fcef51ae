import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Deal } from '../../src/core/deal.ts';
import { composeDigest, DIGEST_LIMITS, type DigestInput } from '../../src/core/digest.ts';
import { forecastLines } from '../../src/core/forecast.ts';
import type { PaceNorm } from '../../src/core/forecast-types.ts';
import { asId, type ManagerId, type OwnerId } from '../../src/core/ids.ts';
import { movementBetween } from '../../src/core/movement.ts';
import { chooseQuestions, QUESTION_KEYS } from '../../src/core/questions.ts';
import { summarise } from '../../src/core/summary.ts';
import {
  activity,
  amount,
  at,
  day,
  deal,
  dealId,
  EUR,
  evidenceModel,
  filled,
  forecastInput,
  key,
  lineOfDeal,
  MONDAY,
  owner,
  QUARTER,
  said,
  stageModel,
} from '../support/deals.ts';

const reps = [
  owner('o-1', 'Ana Roche'),
  owner('o-2', 'Ben Ito'),
  owner('o-3', 'Cleo Marsh'),
  owner('o-4', 'Dan Wu'),
];

const norm = (milestone: string): PaceNorm => ({
  milestone: key(milestone),
  fastBelowDays: 10,
  medianDays: 30,
  stuckAboveDays: 60,
  source: 'own_history',
  n: 12,
});
const norms = ['contact', 'need', 'solution', 'verbal'].map(norm);

/** Keys of the questions about these lines. */
const asked = (lines: Parameters<typeof chooseQuestions>[0]['lines'], changes = {}) =>
  chooseQuestions({
    lines,
    owners: reps,
    asOf: MONDAY,
    milestones: evidenceModel().milestones,
    moved: new Map(),
    maxQuestions: 3,
    ...changes,
  });

const askedOf = (subject: Deal, input = {}, changes = {}) =>
  asked([lineOfDeal(subject, { paceNorms: norms, ...input })], changes)[0];

const far = { closeDate: day('2027-12-31') };

describe('a question for a one-to-one', () => {
  const proven = (...names: string[]) => ({
    model: evidenceModel(),
    confirmations: new Map([[dealId('d'), names.map((name) => said(name, 'confirmed', '2026-11-02'))]]),
  });

  it('asks whether an old proof still holds', () => {
    const old = {
      model: evidenceModel(),
      confirmations: new Map([[dealId('d'), [said('contact', 'confirmed', '2025-11-02')]]]),
    };
    expect(askedOf(deal('d', 's-need 2026-11-02'), old)).toMatchObject({
      key: 'expired_evidence',
      milestone: 'contact',
      date: day('2025-11-02'),
      repFirstName: 'Ana',
    });
  });

  it('asks who said yes when only the stage says so', () => {
    const subject = deal('d', 's-verbal 2026-11-02', far);
    expect(askedOf(subject, proven('contact', 'need', 'solution'))).toMatchObject({
      key: 'verbal_without_date',
    });
  });

  it('asks what is left when the close date has passed, and says which', () => {
    const subject = deal('d', 's-verbal 2026-11-02', { closeDate: day('2026-11-13') });
    expect(askedOf(subject)).toMatchObject({ key: 'close_date_past', date: day('2026-11-13'), days: 10 });
  });

  it('asks what comes before the verbal commitment when the close date is near', () => {
    const subject = deal('d', 's-need 2026-11-02', { closeDate: day('2026-12-11') });
    expect(askedOf(subject)).toMatchObject({ key: 'close_before_proof', milestone: 'verbal' });
    expect(askedOf(deal('d', 's-verbal 2026-11-02', { closeDate: day('2026-12-11') }))).toBeUndefined();
  });

  it('asks what the customer waits for after three pushes of the close date', () => {
    const closeDateHistory = ['2027-01-31', '2027-03-31', '2027-06-30', '2027-12-31'].map((to, index) => ({
      changedAt: at(`2026-0${index + 1}-10`),
      closeDate: day(to),
    }));
    expect(askedOf(deal('d', 's-verbal 2026-11-02', { ...far, closeDateHistory }))).toMatchObject({
      key: 'pushed_three_times',
      count: 3,
    });
  });

  it('asks what happened at the customer’s after ten business days of silence', () => {
    const activitiesByDeal = new Map([[dealId('d'), [activity('d', '2026-11-04')]]]);
    expect(askedOf(deal('d', 's-verbal 2026-11-02', far), { activitiesByDeal })).toMatchObject({
      key: 'silent',
      days: 19,
      date: day('2026-11-04'),
    });
  });

  it('asks for the written proof of a deal that is stuck', () => {
    expect(askedOf(deal('d', 's-verbal 2026-06-02', far))).toMatchObject({
      key: 'stuck_no_proof',
      days: 174,
      milestone: 'verbal',
    });
  });

  it('asks who signs when the next proof is a decision maker', () => {
    const subject = deal('d', 's-need 2026-11-02', far);
    expect(askedOf(subject, proven('contact', 'need'))).toMatchObject({ key: 'no_decision_maker' });
  });

  it('asks what is in writing when the stage is ahead of the proof', () => {
    const subject = deal('d', 's-solution 2026-11-02', far);
    expect(askedOf(subject, proven('contact'))).toMatchObject({ key: 'big_unproven', milestone: 'contact' });
  });

  it('asks about what moved', () => {
    const subject = deal('d', 's-need 2026-11-02', far);
    const askedAfter = (kind: string) => askedOf(subject, {}, { moved: new Map([[dealId('d'), kind]]) });
    expect(askedAfter('fell_back')).toMatchObject({ key: 'fell_back', milestone: 'need' });
    expect(askedAfter('owner')).toMatchObject({ key: 'owner_changed' });
    const small = lineOfDeal(
      deal('e', 's-need 2026-11-02', { ...far, ...amount('10'), ownerId: asId<OwnerId>('o-9') }),
    );
    const moved = new Map([[dealId('d'), 'new']]);
    expect(asked([lineOfDeal(subject), small], { moved })[0]).toMatchObject({ key: 'new_big_deal' });
  });

  it('asks for the scope of a deal without amount, never for a number', () => {
    expect(askedOf(deal('d', 's-verbal 2026-11-02', { ...far, amount: { kind: 'missing' } }))).toMatchObject({
      key: 'no_amount',
    });
  });

  it('asks for the next step of a deal without close date', () => {
    expect(askedOf(deal('d', 's-verbal 2026-11-02'))).toMatchObject({ key: 'next_step_missing' });
  });

  it('asks what convinced the customer of a fast deal', () => {
    expect(askedOf(deal('d', 's-contact 2026-11-02, s-verbal 2026-11-06', far))).toMatchObject({
      key: 'fast_move',
      days: 4,
      milestone: 'contact',
    });
  });

  it('asks for the next proof when there is nothing else to say, and nothing when all is proven', () => {
    expect(askedOf(deal('d', 's-need 2026-11-02', far))).toMatchObject({
      key: 'next_proof',
      milestone: 'solution',
    });
    expect(askedOf(deal('d', 's-verbal 2026-11-02', far))).toBeUndefined();
  });
});

describe('the questions of a Monday', () => {
  const stuckDeals = (count: number, ownerOf: (index: number) => string) =>
    Array.from({ length: count }, (_, index) =>
      lineOfDeal(
        deal(`d${index}`, 's-need 2026-06-02', {
          ...far,
          ...amount(`${1000 - index}`),
          ownerId: asId<OwnerId>(ownerOf(index)),
        }),
        { paceNorms: norms },
      ),
    );

  it('are never two of a kind, and one per rep, the most at stake first', () => {
    const questions = asked(stuckDeals(6, (index) => `o-${(index % 2) + 1}`));
    expect(questions.map(({ key: name, repFirstName, dealId: id }) => [name, repFirstName, id])).toEqual([
      ['stuck_no_proof', 'Ana', 'd0'],
      ['next_proof', 'Ben', 'd1'],
    ]);
  });

  it('are three at most', () => {
    const lines = stuckDeals(4, (index) => `o-${index + 1}`).map((line, index) => ({
      ...line,
      closeDate: index === 2 ? null : line.closeDate,
    }));
    expect(asked(lines)).toHaveLength(3);
  });

  it('are not put to an owner who left, nor to nobody', () => {
    const left = [owner('o-1', 'Ana Roche', { active: false })];
    expect(
      asked(
        stuckDeals(1, () => 'o-1'),
        { owners: left },
      ),
    ).toEqual([]);
    expect(asked(stuckDeals(1, () => 'o-77'))).toEqual([]);
  });

  it('have a sentence for each key in both languages', () => {
    for (const locale of ['fr', 'en']) {
      const path = new URL(`../../templates/i18n/${locale}.json`, import.meta.url);
      const words = JSON.parse(readFileSync(path, 'utf8'));
      for (const name of QUESTION_KEYS) expect(words).toHaveProperty([`question.${name}`]);
    }
  });
});

const model = stageModel();

/** A Monday of one manager who answers for everybody. */
function monday(deals: readonly Deal[], changes: Partial<DigestInput> = {}): DigestInput {
  const linesAt = (asOf: string) =>
    forecastLines(forecastInput(deals, { asOf: day(asOf), period: QUARTER, paceNorms: norms }));
  const lines = linesAt('2026-11-23');
  return {
    manager: {
      id: asId<ManagerId>('m-1'),
      name: 'Claire Petit',
      email: 'claire@example.test',
      locale: 'fr',
      zone: 'Europe/Paris',
      teamIds: [],
      ownerIds: [],
      digest: 'on',
      digestPausedUntil: null,
    },
    crm: 'hubspot',
    model,
    lines,
    summary: summarise(lines, {
      asOf: MONDAY,
      period: QUARTER,
      currency: EUR,
      modelVersion: 1,
      milestones: model.milestones,
      targetMinor: 500_000n,
      history: { label: 'measured', resolvedDeals: 210 },
    }),
    movement: movementBetween({
      before: linesAt('2026-11-16'),
      after: lines,
      milestones: model.milestones,
      maxRows: DIGEST_LIMITS.movementRows,
    }),
    owners: reps,
    paceNorms: norms,
    accuracy: Array.from({ length: 8 }, (_, index) => ({
      month: day(`2026-0${index + 1}-01`),
      wape: index / 10,
    })),
    rejectedRecords: 2,
    dataReadAt: at('2026-11-23T04:00:00Z'),
    links: { forecast: 'f', settings: 's', unsubscribe: 'u', browser: 'b' },
    dealLink: (id) => `https://crm.test/${id}`,
    ...changes,
  };
}

describe('the Monday digest', () => {
  const stuck = [0, 1, 2, 3, 4].map((index) =>
    deal(`stuck${index}`, 's-need 2026-06-02', { ...far, ...amount(`${100 + index}`) }),
  );
  const fast = [0, 1, 2].map((index) =>
    deal(`fast${index}`, 's-contact 2026-11-08, s-need 2026-11-12', {
      ...far,
      ownerId: asId<OwnerId>(`o-${index}`),
    }),
  );
  const rest = [
    deal('won', 's-verbal 2026-11-02, s-won 2026-11-18', amount('3000')),
    deal('lost', 's-verbal 2026-11-02, s-lost 2026-11-18', amount('2000')),
    deal('other', 's-other 2026-11-02'),
    deal('none', 's-verbal 2026-11-02', { amount: { kind: 'missing' } }),
    deal('blank', 's-need 2026-11-18', { ...far, ...amount('9000') }),
  ];
  const digest = composeDigest(monday([...stuck, ...fast, ...rest]));

  it('names what explains the change, gains and losses apart', () => {
    expect(digest.verdict.kind).toBe('short');
    expect(digest.verdict.gains.map((row) => row.dealId)).toEqual(['won', 'blank']);
    expect(digest.verdict.losses[0]).toMatchObject({ dealId: 'lost', kind: 'lost' });
  });

  it('shows three stuck deals with the usual stay and says how many there are', () => {
    expect(digest.stuck.map((row) => row.dealId)).toEqual(['stuck4', 'stuck3', 'stuck2']);
    expect(digest.stuck[0]).toMatchObject({
      days: 174,
      medianDays: 30,
      repFirstName: 'Ana',
      milestone: 'need',
    });
    expect(digest.stuckTotal).toBe(5);
  });

  it('shows two fast deals with the stay that was short', () => {
    expect(digest.fast.map((row) => [row.dealId, row.milestone, row.days])).toEqual([
      ['fast0', 'contact', 4],
      ['fast1', 'contact', 4],
    ]);
    expect(digest.fast[0]?.repFirstName).toBeNull();
  });

  it('counts what it could not add up', () => {
    expect(digest).toMatchObject({ unmappedDeals: 1, excludedDeals: 1, rejectedRecords: 2 });
  });

  it('keeps to six months of accuracy, the latest', () => {
    expect(digest.accuracy.map((bar) => bar.month.month)).toEqual([3, 4, 5, 6, 7, 8]);
  });

  it('links every deal it names, and no other', () => {
    const named = [...(digest.movement?.rows ?? []), ...digest.questions, ...digest.stuck, ...digest.fast];
    expect(Object.keys(digest.links.deals).sort()).toEqual(
      [...new Set(named.map((row) => row.dealId))].sort(),
    );
    expect(digest.links.deals['won']).toBe('https://crm.test/won');
  });

  it('is of the ISO week of its date, in the language and zone of the manager', () => {
    expect(digest).toMatchObject({ isoWeek: '2026-W48', locale: 'fr', zone: 'Europe/Paris', crm: 'hubspot' });
  });

  it('without a target, or with the target reached, says so', () => {
    const calm = monday([
      deal('d', 's-won 2026-11-02', { ...amount('6000'), properties: [filled('x', 'y', '2026-11-02')] }),
    ]);
    expect(composeDigest(calm).verdict.kind).toBe('target_reached');
    const without = { ...calm.summary, targetMinor: null, gapMinor: null };
    expect(composeDigest({ ...calm, summary: without }).verdict.kind).toBe('no_target');
  });

  it('of the first week has no movement and says nothing about it', () => {
    const first = composeDigest(monday(rest, { movement: null }));
    expect(first).toMatchObject({ movement: null, verdict: { gains: [], losses: [] } });
  });

  it('of a manager without deals still stands', () => {
    expect(composeDigest(monday([]))).toMatchObject({ questions: [], stuck: [], stuckTotal: 0, fast: [] });
  });
});
