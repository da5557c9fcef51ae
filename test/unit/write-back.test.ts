import { describe, expect, it } from 'vitest';
import type { Deal } from '../../src/core/deals/deal.ts';
import { forecastLines } from '../../src/core/forecast/forecast.ts';
import { missingEvidenceText } from '../../src/core/milestones/missing-evidence-text.ts';
import { propertySpecs } from '../../src/core/write-back/property-specs.ts';
import { type Acknowledged, applyWrites, plannedWrites } from '../../src/core/write-back/write-back.ts';
import {
  amount,
  deal,
  dealId,
  evidenceModel,
  forecastInput,
  key,
  said,
  stageModel,
} from '../support/deals.ts';

const NOTHING: Acknowledged = new Map();

function plan(deals: readonly Deal[], acknowledged: Acknowledged = NOTHING, changes = {}) {
  const input = forecastInput(deals, changes);
  return plannedWrites({ lines: forecastLines(input), acknowledged, model: input.model, locale: 'en' });
}

const values = (deals: readonly Deal[], acknowledged?: Acknowledged, changes = {}) =>
  plan(deals, acknowledged, changes).map((write) => Object.fromEntries(write.values));

const solution = deal('d', 's-solution 2026-11-03', amount('50000.5'));
const written = applyWrites(NOTHING, plan([solution]));

describe('what is written to the CRM', () => {
  it('is milestone, weight, net amount, since when, what is missing, pace and realistic close', () => {
    expect(values([solution])).toEqual([
      {
        jalon_milestone: 'solution',
        jalon_weight: '40',
        jalon_net_amount: '20000.20',
        jalon_milestone_since: '2026-11-03',
        jalon_missing_evidence: 'Verbal commitment: CRM stage reached',
        jalon_pace: 'on_track',
        jalon_realistic_close: '2027-01-01',
      },
    ]);
  });

  it('is nothing when the CRM holds it already', () => {
    expect(plan([solution], written)).toEqual([]);
  });

  it('is only what changed', () => {
    const raised = { ...solution, ...amount('60000') };
    expect(values([raised], written)).toEqual([{ jalon_net_amount: '24000.00' }]);
  });

  it('does not change from one day to the next', () => {
    const asOf = forecastInput([]).asOf.add({ days: 1 });
    expect(plan([solution], written, { asOf })).toEqual([]);
  });

  it('for a deal with nothing verified is weight 0, net 0 and what would prove it', () => {
    expect(values([solution], NOTHING, { model: evidenceModel() })).toEqual([
      {
        jalon_weight: '0',
        jalon_net_amount: '0.00',
        jalon_missing_evidence:
          'First contact: written evidence / exchange with the customer / manager’s confirmation',
        jalon_pace: 'on_track',
      },
    ]);
  });

  it('starts with the deals whose net amount moves most', () => {
    const deals = [
      deal('small', 's-need 2026-11-03', amount('10')),
      deal('large', 's-need 2026-11-03', amount('9000')),
      deal('middle', 's-verbal 2026-11-03', amount('2000')),
    ];
    expect(plan(deals).map((write) => write.dealId)).toEqual(['large', 'middle', 'small']);
    expect(plan(deals, applyWrites(NOTHING, plan(deals.slice(1)))).map((write) => write.dealId)).toEqual([
      'small',
    ]);
  });

  it('carries the currency of the deal', () => {
    expect(plan([solution])[0]?.currency).toBe('EUR');
  });

  it('writes a weight with decimals as plain percent', () => {
    const model = stageModel();
    const milestones = model.milestones.map((milestone) =>
      milestone.key === 'solution' ? { ...milestone, weightBps: 4_205 } : milestone,
    );
    expect(values([solution], NOTHING, { model: { ...model, milestones } })[0]?.['jalon_weight']).toBe(
      '42.05',
    );
  });
});

describe('a deal that can no longer be added up', () => {
  it('was never written: nothing is written', () => {
    expect(plan([{ ...solution, amount: { kind: 'missing' } }])).toEqual([]);
    expect(plan([deal('d', 's-other 2026-11-03')])).toEqual([]);
  });

  it('without amount loses its stale net amount and keeps what is still true', () => {
    const after = plan([{ ...solution, amount: { kind: 'missing' } }], written);
    expect(after.map((write) => Object.fromEntries(write.values))).toEqual([{ jalon_net_amount: '' }]);
    expect(plan([{ ...solution, amount: { kind: 'missing' } }], applyWrites(written, after))).toEqual([]);
  });

  it('in an unmapped stage loses everything we said of it', () => {
    const [after] = values([deal('d', 's-solution 2026-11-03, s-other 2026-11-05')], written);
    expect(new Set(Object.values(after ?? {}))).toEqual(new Set(['']));
    expect(Object.keys(after ?? {})).toHaveLength(7);
  });
});

describe('a deal that was closed', () => {
  it('before we ever wrote to it stays untouched', () => {
    expect(plan([deal('d', 's-verbal 2026-11-03, s-won 2026-11-10')])).toEqual([]);
  });

  it('and won is written once more: signed, 100 %, net equal to gross', () => {
    const won = deal('d', 's-solution 2026-11-03, s-won 2026-11-10', amount('50000.5'));
    expect(values([won], written)).toEqual([
      {
        jalon_milestone: 'signed',
        jalon_weight: '100',
        jalon_net_amount: '50000.50',
        jalon_milestone_since: '2026-11-10',
        jalon_missing_evidence: '',
        jalon_pace: '',
        jalon_realistic_close: '',
      },
    ]);
    expect(plan([won], applyWrites(written, plan([won], written)))).toEqual([]);
  });

  it('and lost is written once more: nothing left, the milestone it had reached stays', () => {
    const lost = deal('d', 's-solution 2026-11-03, s-lost 2026-11-10', amount('50000.5'));
    expect(values([lost], written)).toEqual([
      {
        jalon_weight: '0',
        jalon_net_amount: '0.00',
        jalon_missing_evidence: '',
        jalon_pace: '',
        jalon_realistic_close: '',
      },
    ]);
  });
});

describe('the text of the missing evidence', () => {
  const { milestones } = evidenceModel();
  const gap = (name: string, expired = false) => ({
    milestone: key(name),
    rules: milestones.find((milestone) => milestone.key === name)?.evidence ?? [],
    expired,
  });

  it('speaks the language of the account', () => {
    expect(missingEvidenceText([gap('verbal')], milestones, 'fr')).toBe(
      'Accord verbal : preuve écrite / date de l’accord verbal / devis signé / confirmation du manager',
    );
    expect(missingEvidenceText([gap('need', true), gap('verbal')], milestones, 'en')).toBe(
      'Need confirmed (expired): written evidence / manager’s confirmation',
    );
    expect(missingEvidenceText([], milestones, 'en')).toBe('');
  });

  it('fits into a text field, without half a character at the end', () => {
    const long = milestones.map((milestone) => ({
      ...milestone,
      label: { fr: '🏔'.repeat(200), en: 'x'.repeat(300) },
    }));
    const text = missingEvidenceText([gap('need')], long, 'fr');
    expect(text.length).toBeLessThanOrEqual(255);
    expect(text.isWellFormed()).toBe(true);
    expect(missingEvidenceText([gap('need')], long, 'en')).toHaveLength(255);
  });
});

describe('our own properties', () => {
  const specs = propertySpecs(evidenceModel());

  it('are those of the product, and no other', () => {
    expect(specs.map(({ key: name, type }) => `${name} ${type}`)).toEqual([
      'jalon_milestone enumeration',
      'jalon_weight number',
      'jalon_net_amount money',
      'jalon_milestone_since date',
      'jalon_missing_evidence text',
      'jalon_pace enumeration',
      'jalon_realistic_close date',
      'jalon_evidence_contact textarea',
      'jalon_evidence_need textarea',
      'jalon_evidence_solution textarea',
      'jalon_evidence_verbal textarea',
      'jalon_verbal_commitment_on date',
    ]);
  });

  it('say in both languages who writes them', () => {
    for (const { label, description } of specs) {
      expect(label.fr).not.toBe('');
      expect(label.en).not.toBe('');
      expect(description.fr).toMatch(
        /^(Écrit par Jalon\.|À remplir par le commercial ou le manager ; Jalon n’y écrit jamais\.)/,
      );
      expect(description.en).toMatch(
        /^(Written by Jalon\.|Filled in by the rep or the manager; Jalon never writes here\.)/,
      );
    }
  });

  it('offer every milestone of the model and the signature', () => {
    expect(specs[0]?.options?.map((option) => option.value)).toEqual([
      'contact',
      'need',
      'solution',
      'verbal',
      'signed',
    ]);
  });

  it('hold every key that is ever written, and a rep’s own fields never are', () => {
    const keys = new Set(specs.map((spec) => spec.key));
    const confirmations = new Map([[dealId('d'), [said('contact', 'confirmed', '2026-11-02')]]]);
    const writes = plan([solution], NOTHING, { model: evidenceModel(), confirmations });
    for (const name of writes.flatMap((write) => [...write.values.keys()])) {
      expect(keys.has(name)).toBe(true);
      expect(name).not.toMatch(/^jalon_(evidence_|verbal)/);
    }
  });
});
