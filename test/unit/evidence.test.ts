import { describe, expect, it } from 'vitest';
import type { Deal } from '../../src/core/deals/deal.ts';
import { standingOf } from '../../src/core/deals/standing.ts';
import {
  collectEvidence,
  type EvidenceSources,
  missingEvidence,
  verifiedMilestone,
} from '../../src/core/milestones/evidence.ts';
import { SIGNED_QUOTE_PROPERTY } from '../../src/core/milestones/evidence-proof.ts';
import type { EvidenceRule, MilestoneModel } from '../../src/core/milestones/milestone.ts';
import { dayReader } from '../../src/core/odds/day-reader.ts';
import { midnightOf } from '../../src/core/values/calendar.ts';
import {
  activity,
  contact,
  day,
  deal,
  evidenceModel,
  filled,
  key,
  MONDAY,
  said,
  stageModel,
  ZONE,
} from '../support/deals.ts';

function sources(subject: Deal, changes: Partial<EvidenceSources> = {}): EvidenceSources {
  const asOf = changes.asOf ?? MONDAY;
  const model = changes.model ?? evidenceModel();
  const asOfInstant = midnightOf(asOf, ZONE);
  const runs = standingOf(subject, model, asOfInstant)?.runs ?? [];
  return {
    deal: subject,
    activities: [],
    contacts: [],
    confirmations: [],
    runs,
    model,
    asOf,
    asOfInstant,
    days: dayReader(ZONE),
    ...changes,
  };
}

/** "need 2026-03-01": the verified milestone and since when. */
function verified(subject: Deal, changes: Partial<EvidenceSources> = {}): string {
  const asked = sources(subject, changes);
  const found = verifiedMilestone(collectEvidence(asked).facts, asked.model);
  return `${found.key ?? 'nothing'} ${found.since ?? '-'}`;
}

/** The default milestones, the first of which is proven by this one rule. */
const onlyRule = (rule: EvidenceRule, expiresAfterDays: number | null = null): MilestoneModel =>
  evidenceModel((milestone) => ({
    ...milestone,
    evidence: milestone.key === 'contact' ? [rule] : [],
    evidenceExpiresAfterDays: expiresAfterDays,
  }));

const open = deal('d', 's-verbal 2026-10-01');

describe('the stage alone', () => {
  it('proves nothing when the model asks for evidence', () => {
    expect(verified(open)).toBe('nothing -');
  });

  it('proves in a model that trusts it, from the day the deal came there to stay', () => {
    const model = stageModel();
    expect(verified(deal('d', 's-contact 2026-09-01, s-need 2026-10-01'), { model })).toBe('need 2026-10-01');
    expect(
      verified(deal('d', 's-solution 2026-09-01, s-contact 2026-10-01, s-need 2026-11-01'), { model }),
    ).toBe('need 2026-11-01');
    expect(
      verified(deal('d', 's-need 2026-09-01, s-solution 2026-10-01, s-need 2026-11-01'), { model }),
    ).toBe('need 2026-11-01');
    expect(verified(deal('d', 's-need 2026-09-01, s-lost 2026-10-01, s-need 2026-11-01'), { model })).toBe(
      'need 2026-11-01',
    );
    expect(verified(deal('d', 's-need 2026-09-01, s-hold 2026-10-01'), { model })).toBe('need 2026-09-01');
  });
});

describe('evidence in a field of the CRM', () => {
  const withNote = (value: string, when: string): Deal => ({
    ...open,
    properties: [filled('jalon_evidence_contact', value, when)],
  });

  it('proves from the day it was written', () => {
    expect(verified(withNote('Mail of Mme Roy, 3 Nov', '2026-11-04'))).toBe('contact 2026-11-04');
  });

  it('that holds only blanks proves nothing', () => {
    expect(verified(withNote(' \n', '2026-11-04'))).toBe('nothing -');
  });

  it('written on the day of the forecast, or later, is not known yet', () => {
    expect(verified(withNote('yes', '2026-11-23'))).toBe('nothing -');
  });

  it('counts with the value it had, when former values are known', () => {
    const values = [
      ['yes', '2026-11-04'],
      ['', '2026-11-10'],
      ['yes again', '2026-11-16'],
    ] as const;
    const rewritten: Deal = {
      ...open,
      properties: values.map(([value, when]) => filled('jalon_evidence_contact', value, when)),
    };
    expect(verified(rewritten)).toBe('contact 2026-11-16');
    expect(verified(rewritten, { asOf: day('2026-11-16') })).toBe('nothing -');
    expect(verified(rewritten, { asOf: day('2026-11-09') })).toBe('contact 2026-11-04');
  });

  it('expires', () => {
    const model = onlyRule({ kind: 'property_filled', property: 'jalon_evidence_contact' }, 30);
    expect(verified(withNote('yes', '2026-10-25'), { model })).toBe('contact 2026-10-25');
    expect(verified(withNote('yes', '2026-10-24'), { model })).toBe('nothing -');
  });
});

describe('a verbal commitment', () => {
  const model = onlyRule({ kind: 'property_filled', property: 'jalon_verbal_commitment_on' });
  const on = (value: string): Deal => ({
    ...open,
    properties: [filled('jalon_verbal_commitment_on', value, '2026-11-10')],
  });

  it('counts from the day on which the customer said yes', () => {
    expect(verified(on('2026-11-03'), { model })).toBe('contact 2026-11-03');
  });

  it('dated in the future is a hope and proves nothing', () => {
    expect(verified(on('2026-12-01'), { model })).toBe('nothing -');
  });

  it('whose text is no day counts from the day it was written', () => {
    expect(verified(on('2026-02-30'), { model })).toBe('contact 2026-11-10');
    expect(verified(on('by phone'), { model })).toBe('contact 2026-11-10');
  });
});

describe('a signed quote', () => {
  it('proves from the day the connector saw the signature', () => {
    const signed: Deal = { ...open, properties: [filled(SIGNED_QUOTE_PROPERTY, 'Q-17', '2026-11-10')] };
    expect(verified(signed, { model: onlyRule({ kind: 'signed_quote' }) })).toBe('contact 2026-11-10');
    expect(verified(signed)).toBe('nothing -');
  });
});

describe('activity with the customer', () => {
  const rule: EvidenceRule = { kind: 'activity_with_customer', activities: ['meeting', 'call'], atLeast: 2 };

  it('proves once there is enough of it, and not by our own notes and unanswered calls', () => {
    const model = onlyRule(rule);
    const activities = [
      activity('d', '2026-10-05'),
      activity('d', '2026-10-07', { kind: 'email' }),
      activity('d', '2026-10-08', { kind: 'call', withCustomer: false }),
    ];
    expect(verified(open, { model, activities })).toBe('nothing -');
    expect(verified(open, { model, activities: [activity('d', '2026-10-12'), ...activities] })).toBe(
      'contact 2026-10-12',
    );
  });

  it('that goes on keeps the day on which it first proved', () => {
    const model = onlyRule({ ...rule, atLeast: 1 }, 30);
    const activities = ['2026-09-01', '2026-09-25', '2026-10-20', '2026-11-10'].map((on) =>
      activity('d', on),
    );
    expect(verified(open, { model, activities })).toBe('contact 2026-09-01');
  });

  it('that lapsed and came back counts from its return', () => {
    const model = onlyRule({ ...rule, atLeast: 1 }, 30);
    const activities = ['2026-08-01', '2026-11-10'].map((on) => activity('d', on));
    expect(verified(open, { model, activities })).toBe('contact 2026-11-10');
    expect(verified(open, { model, activities: activities.slice(0, 1) })).toBe('nothing -');
  });
});

describe('the role of a contact', () => {
  it('proves from the start of the deal, in any case and among several roles', () => {
    const model = onlyRule({ kind: 'contact_role', roles: ['DECISION_MAKER'] }, 10);
    const contacts = [contact('c1', null), contact('c2', 'END_USER;Decision_Maker')];
    expect(verified(open, { model, contacts })).toBe('contact 2026-10-01');
    expect(verified(open, { model, contacts: [contact('c1', 'END_USER')] })).toBe('nothing -');
  });
});

describe('the manager', () => {
  const note: Deal = { ...open, properties: [filled('jalon_evidence_contact', 'mail', '2026-11-04')] };

  it('can confirm a milestone', () => {
    expect(verified(open, { confirmations: [said('contact', 'confirmed', '2026-11-12')] })).toBe(
      'contact 2026-11-12',
    );
  });

  it('cancels by a refusal what was there before, and not what comes after', () => {
    const refused = [said('contact', 'refused', '2026-11-04')];
    expect(verified(note, { confirmations: refused })).toBe('nothing -');
    const fresh: Deal = { ...open, properties: [filled('jalon_evidence_contact', 'mail', '2026-11-05')] };
    expect(verified(fresh, { confirmations: refused })).toBe('contact 2026-11-05');
  });

  it('may change their mind, also on the same day', () => {
    const refusedThenConfirmed = [
      said('contact', 'refused', '2026-11-12'),
      said('contact', 'confirmed', '2026-11-12'),
    ];
    expect(verified(note, { confirmations: refusedThenConfirmed })).toBe('contact 2026-11-12');
    expect(verified(note, { confirmations: refusedThenConfirmed.toReversed() })).toBe('nothing -');
  });

  it('is heard on the day itself, and not before', () => {
    const confirmations = [said('contact', 'confirmed', '2026-11-23')];
    expect(verified(open, { confirmations })).toBe('contact 2026-11-23');
    expect(verified(open, { confirmations, asOf: day('2026-11-22') })).toBe('nothing -');
  });
});

describe('the verified milestone', () => {
  const confirmations = (...names: string[]) => names.map((name) => said(name, 'confirmed', '2026-11-02'));

  it('is the highest without a gap below it', () => {
    expect(verified(open, { confirmations: confirmations('contact', 'need', 'verbal') })).toBe(
      'need 2026-11-02',
    );
    expect(verified(open, { confirmations: confirmations('need', 'solution', 'verbal') })).toBe('nothing -');
  });

  it('passes over an optional milestone that was not proven', () => {
    const model = evidenceModel((milestone) => ({ ...milestone, optional: milestone.key === 'need' }));
    expect(verified(open, { model, confirmations: confirmations('contact', 'solution') })).toBe(
      'solution 2026-11-02',
    );
  });

  it('was reached on the day the last proof it needs came', () => {
    const late = [said('contact', 'confirmed', '2026-11-16'), said('need', 'confirmed', '2026-11-02')];
    expect(verified(open, { confirmations: late })).toBe('need 2026-11-16');
  });
});

describe('the missing evidence', () => {
  const missing = (declared: number, changes: Partial<EvidenceSources>) => {
    const asked = sources(open, changes);
    return missingEvidence(collectEvidence(asked), asked.model, declared).map(
      ({ milestone, expired, provenOn }) => `${milestone}${expired ? ` expired, from ${provenOn}` : ''}`,
    );
  };

  it('is every gap up to the declared milestone', () => {
    const confirmations = [
      said('contact', 'confirmed', '2026-11-02'),
      said('solution', 'confirmed', '2026-11-02'),
    ];
    expect(missing(3, { confirmations })).toEqual(['need', 'verbal']);
  });

  it('is the next milestone when all that is declared is proven', () => {
    expect(missing(0, { confirmations: [said('contact', 'confirmed', '2026-11-02')] })).toEqual(['need']);
    expect(missing(-1, {})).toEqual(['contact']);
  });

  it('tells a proof that lapsed from one that never was', () => {
    const confirmations = [said('contact', 'confirmed', '2025-11-02')];
    expect(missing(1, { confirmations })).toEqual(['contact expired, from 2025-11-02', 'need']);
  });

  it('names the rules of which any one is enough', () => {
    const asked = sources(open);
    const [first] = missingEvidence(collectEvidence(asked), asked.model, 1);
    expect(first?.milestone).toBe(key('contact'));
    expect(first?.rules.map((rule) => rule.kind)).toEqual([
      'property_filled',
      'activity_with_customer',
      'manager_confirmation',
    ]);
  });
});
