import { describe, expect, it } from 'vitest';
import type { ForecastLine } from '../../src/core/forecast/forecast-types.ts';
import type { MissingEvidence } from '../../src/core/milestones/evidence.ts';
import type { EvidenceRule } from '../../src/core/milestones/milestone.ts';
import type { MovementKind } from '../../src/core/review/digest-types.ts';
import { QUESTION_BANK } from '../../src/core/review/question-bank.ts';
import type { Facts, QuestionContext } from '../../src/core/review/question-rule.ts';
import { chooseQuestions, QUESTION_KEYS } from '../../src/core/review/questions.ts';
import { settledCount, settledQuestions } from '../../src/core/review/questions-settled.ts';
import { asId, type OwnerId } from '../../src/core/values/ids.ts';
import { questionText } from '../../templates/digest/questions.ts';
import { isMessageKey, placeholdersOf } from '../../templates/i18n/translate.ts';
import { amount, deal, dealId, key, lineOfDeal, MONDAY, owner, stageModel } from '../support/deals.ts';

const MILESTONES = stageModel().milestones;
const ago = (days: number) => MONDAY.subtract({ days });
const ahead = (days: number) => MONDAY.add({ days });

const missing = (milestone: string, changes: Partial<MissingEvidence> = {}): readonly MissingEvidence[] => [
  { milestone: key(milestone), rules: [{ kind: 'stage_entered' }], expired: false, ...changes },
];
const provable = (kind: EvidenceRule['kind']): readonly EvidenceRule[] => [
  kind === 'property_filled'
    ? { kind, property: 'p' }
    : kind === 'contact_role'
      ? { kind, roles: ['decides'] }
      : kind === 'activity_with_customer'
        ? { kind, activities: ['meeting'], atLeast: 1 }
        : { kind },
];

/** A deal at "need", on track, spoken to nine days ago: nothing about it gives a reason to ask. */
const QUIET: ForecastLine = {
  ...lineOfDeal(deal('d', 's-contact 2026-09-01, s-need 2026-10-05', amount('1000'))),
  declared: key('need'),
  verified: key('need'),
  verifiedSince: ago(30),
  daysInMilestone: 30,
  unprovenMinor: 0n,
  closeDate: ahead(90),
  realisticClose: null,
  pace: 'on_track',
  closeDatePushes: 0,
  lastCustomerContact: ago(9),
  missing: missing('solution'),
};

interface Case {
  readonly line: Partial<ForecastLine>;
  readonly moved?: MovementKind;
  readonly usualMinor?: bigint;
  /** What the sentence names. */
  readonly facts: Facts;
  /** The same deal without the fact. */
  readonly without?: Partial<ForecastLine>;
  readonly withoutMoved?: MovementKind;
}

const verbal = { declared: key('verbal'), verified: key('verbal'), missing: [] } as const;
const silent = { lastCustomerContact: ago(20) };
const stuck = { pace: 'stuck', daysInMilestone: 70, lastCustomerContact: null } as const;
const large = { grossMinor: 100_001n };

/** One row per question: a deal that shows the fact, what is then said, and the deal without it. */
const CASES: Readonly<Record<string, Case>> = {
  expired_verbal: {
    line: { declared: key('verbal'), missing: missing('verbal', { expired: true, provenOn: ago(130) }) },
    facts: { date: ago(130) },
    without: { declared: key('verbal'), missing: missing('verbal') },
  },
  expired_evidence: {
    line: { missing: missing('contact', { expired: true, provenOn: ago(400) }) },
    facts: { milestone: key('contact'), date: ago(400) },
    without: { missing: missing('contact') },
  },
  expired_next: {
    line: { missing: missing('solution', { expired: true, provenOn: ago(300) }) },
    facts: { milestone: key('solution'), date: ago(300) },
  },
  fell_to_nothing: { line: { verified: null }, moved: 'fell_back', facts: {}, withoutMoved: 'odds' },
  fell_back: { line: {}, moved: 'fell_back', facts: { milestone: key('need') }, withoutMoved: 'advanced' },
  verbal_without_date: {
    line: { declared: key('verbal'), missing: missing('verbal') },
    facts: { milestone: key('verbal') },
    without: { declared: key('solution'), missing: missing('verbal') },
  },
  agreed_not_signed: {
    line: { ...verbal, closeDate: ago(3) },
    facts: { date: ago(3), days: 3 },
    without: { ...verbal, closeDate: MONDAY },
  },
  close_long_past: {
    line: { closeDate: ago(60) },
    facts: { date: ago(60), days: 60 },
    without: { closeDate: ago(59) },
  },
  close_date_past: {
    line: { closeDate: ago(1) },
    facts: { date: ago(1), days: 1 },
    without: { closeDate: MONDAY },
  },
  agreed_silent: { line: { ...verbal, ...silent }, facts: { days: 20 }, without: silent },
  silent_before_close: {
    line: { ...silent, closeDate: ahead(30) },
    facts: { days: 20, date: ahead(30) },
    without: { ...silent, closeDate: ahead(31) },
  },
  pushed_in_silence: { line: silent, moved: 'pushed_out', facts: { days: 20 }, withoutMoved: 'pulled_in' },
  close_before_proof: {
    line: { closeDate: ahead(30) },
    facts: { date: ahead(30), milestone: key('verbal') },
    without: { closeDate: ahead(31) },
  },
  signing_soon: {
    line: { ...verbal, closeDate: ahead(14) },
    facts: { date: ahead(14) },
    without: { ...verbal, closeDate: ahead(15) },
  },
  agreed_stuck: { line: { ...verbal, ...stuck }, facts: { days: 70 }, without: stuck },
  pushed_many_times: { line: { closeDatePushes: 6 }, facts: { count: 6 }, without: { closeDatePushes: 5 } },
  pushed_three_times: {
    line: { closeDatePushes: 3 },
    facts: { count: 3, date: ahead(90) },
    without: { closeDatePushes: 2 },
  },
  silent_long: {
    line: { lastCustomerContact: ago(45) },
    facts: { days: 45 },
    without: { lastCustomerContact: ago(44) },
  },
  silent: {
    line: { lastCustomerContact: ago(14) },
    facts: { date: ago(14), days: 14 },
    without: { lastCustomerContact: ago(13) },
  },
  stuck_very_long: {
    line: { ...stuck, daysInMilestone: 180 },
    facts: { days: 180, milestone: key('need') },
    without: { ...stuck, daysInMilestone: 179 },
  },
  stuck_at_start: { line: { ...stuck, verified: key('contact') }, facts: { days: 70 }, without: stuck },
  stuck_but_talking: {
    line: { ...stuck, lastCustomerContact: ago(10) },
    facts: { days: 70, milestone: key('need') },
    without: { ...stuck, lastCustomerContact: ago(11) },
  },
  stuck_no_proof: {
    line: stuck,
    facts: { days: 70, milestone: key('need') },
    without: { daysInMilestone: 70 },
  },
  pushed_this_week: { line: {}, moved: 'pushed_out', facts: { date: ahead(90) }, withoutMoved: 'pulled_in' },
  pulled_in: { line: {}, moved: 'pulled_in', facts: { date: ahead(90) }, withoutMoved: 'pushed_out' },
  owner_changed: { line: {}, moved: 'owner', facts: {}, withoutMoved: 'odds' },
  new_big_deal: {
    line: { grossMinor: 300_001n },
    moved: 'new',
    facts: {},
    without: { grossMinor: 300_000n },
  },
  new_deal: { line: {}, moved: 'new', facts: {}, withoutMoved: 'odds' },
  scope_changed: { line: {}, moved: 'amount', facts: {}, withoutMoved: 'odds' },
  no_decision_maker: {
    line: { missing: missing('solution', { rules: provable('contact_role') }) },
    facts: { milestone: key('solution') },
  },
  quote_unsigned: { line: { missing: missing('verbal', { rules: provable('signed_quote') }) }, facts: {} },
  meeting_missing: {
    line: { missing: missing('contact', { rules: provable('activity_with_customer') }) },
    facts: { milestone: key('contact') },
  },
  far_ahead: {
    line: { declared: key('verbal'), verified: key('need') },
    facts: { milestone: key('need') },
    without: { declared: key('solution'), verified: key('need') },
  },
  nothing_proven: { line: { verified: null }, facts: { milestone: key('need') } },
  big_unproven: { line: { unprovenMinor: 1n }, facts: { milestone: key('need') } },
  no_amount: {
    line: { exclusion: 'amount_missing' },
    facts: {},
    without: { exclusion: 'amount_absurd' },
  },
  scope_doubtful: {
    line: { exclusion: 'amount_negative' },
    facts: {},
    without: { exclusion: 'amount_missing' },
  },
  currency_unknown: {
    line: { exclusion: 'currency_missing' },
    facts: {},
    without: { exclusion: 'amount_missing' },
  },
  no_date_well_advanced: {
    line: { closeDate: null, verified: key('solution') },
    facts: { milestone: key('solution') },
    without: { closeDate: null },
  },
  next_step_missing: { line: { closeDate: null }, facts: { milestone: key('need') } },
  close_too_early: {
    line: { realisticClose: ahead(91) },
    facts: { date: ahead(90), milestone: key('solution') },
    without: { realisticClose: ahead(90) },
  },
  close_far_away: {
    line: { closeDate: ahead(366) },
    facts: { date: ahead(366) },
    without: { closeDate: ahead(365) },
  },
  fast_to_agreement: {
    line: { ...verbal, pace: 'fast', passed: { milestone: key('solution'), days: 4 } },
    facts: { days: 4, milestone: key('solution') },
    without: { pace: 'fast', passed: { milestone: key('contact'), days: 4 } },
  },
  fast_move: {
    line: { pace: 'fast', passed: { milestone: key('contact'), days: 4 } },
    facts: { days: 4, milestone: key('contact') },
    without: { passed: { milestone: key('contact'), days: 4 } },
  },
  advanced: { line: {}, moved: 'advanced', facts: { milestone: key('need') }, withoutMoved: 'odds' },
  proven_this_week: {
    line: { verifiedSince: ago(7) },
    facts: { milestone: key('need'), date: ago(7) },
    without: { verifiedSince: ago(8) },
  },
  large_open: { line: { ...large, grossMinor: 300_001n }, facts: {}, without: { grossMinor: 300_000n } },
  spoken_this_week: {
    line: { lastCustomerContact: ago(7) },
    facts: { date: ago(7) },
    without: { lastCustomerContact: ago(8) },
  },
  only_confirmation: {
    line: { missing: missing('solution', { rules: provable('manager_confirmation') }) },
    facts: { milestone: key('solution') },
    without: {
      missing: missing('solution', {
        rules: [...provable('manager_confirmation'), ...provable('property_filled')],
      }),
    },
  },
  next_proof: { line: {}, facts: { milestone: key('solution') }, without: { missing: [] } },
  written_proof: {
    line: { missing: missing('solution', { rules: provable('property_filled') }) },
    facts: { milestone: key('solution') },
  },
  all_proven: { line: verbal, facts: { milestone: key('verbal') } },
};

function contextOf(moved?: MovementKind, usualMinor = 100_000n): QuestionContext {
  return {
    asOf: MONDAY,
    milestones: MILESTONES,
    moved: new Map(moved === undefined ? [] : [[QUIET.dealId, moved]]),
    usualMinor,
  };
}

function factsOf(rule: string, line: Partial<ForecastLine>, moved?: MovementKind): Facts | null | undefined {
  return QUESTION_BANK.find((one) => one.key === rule)?.factsOf({ ...QUIET, ...line }, contextOf(moved));
}

describe('the question bank', () => {
  it('has at least forty questions, each with its case here', () => {
    expect(QUESTION_KEYS.length).toBeGreaterThanOrEqual(40);
    expect(new Set(QUESTION_KEYS).size).toBe(QUESTION_KEYS.length);
    expect(Object.keys(CASES).sort()).toEqual([...QUESTION_KEYS].sort());
  });

  it.each(Object.entries(CASES))(
    '%s is asked when the deal shows its fact, and names it',
    (rule, { line, moved, facts }) => {
      expect(factsOf(rule, line, moved)).toEqual(facts);
    },
  );

  it.each(Object.entries(CASES))(
    '%s is not asked without its fact',
    (rule, { line, moved, without, withoutMoved }) => {
      const quietAlready = rule === 'next_proof';
      if (!quietAlready) expect(factsOf(rule, {}), 'of a deal that gives no reason').toBeNull();
      if (without !== undefined) expect(factsOf(rule, without, moved)).toBeNull();
      if (withoutMoved !== undefined) expect(factsOf(rule, line, withoutMoved)).toBeNull();
    },
  );

  it.each(Object.entries(CASES))('%s is read at one glance: at most 19 words', (rule, { facts }) => {
    const none = { days: null, date: null, milestone: null, count: null, verified: null };
    const subject = {
      key: rule,
      repFirstName: 'Julie',
      dealId: QUIET.dealId,
      dealName: 'Deal',
      ...none,
      ...facts,
    };
    for (const locale of ['fr', 'en'] as const) {
      const text = questionText(subject, { locale, milestones: MILESTONES, deal: 'Vauban' });
      expect(text.split(/ /).filter((word) => /[\p{L}\p{N}]/u.test(word)).length, text).toBeLessThanOrEqual(
        19,
      );
    }
  });

  it.each(Object.entries(CASES))('%s has in its facts all that its sentences name', (rule, { facts }) => {
    const sentence = `question.${rule}`;
    if (!isMessageKey(sentence)) throw new Error(`${sentence} has no text`);
    const given = Object.entries(facts).flatMap(([name, value]) => (value === null ? [] : [name]));
    for (const locale of ['fr', 'en'] as const)
      expect([...given, 'deal']).toEqual(expect.arrayContaining([...placeholdersOf(locale, sentence)]));
  });
});

describe('the questions of a week', () => {
  const rep = (id: string) => owner(id, `Rep ${id}`);
  const open = (id: string, ownerId: string, changes: Partial<ForecastLine> = {}): ForecastLine => ({
    ...QUIET,
    dealId: dealId(id),
    dealName: `Deal ${id}`,
    ownerId: asId<OwnerId>(ownerId),
    ...changes,
  });
  const choose = (lines: readonly ForecastLine[], maxQuestions = 3) =>
    chooseQuestions({
      lines,
      owners: ['1', '2', '3', '4'].map(rep),
      asOf: MONDAY,
      milestones: MILESTONES,
      moved: new Map(),
      maxQuestions,
    });
  const kindOf = (asked: string) => QUESTION_BANK.find((rule) => rule.key === asked)?.kind;

  it('are one per rep and never two of a kind: two silent customers, one question about silence', () => {
    const silentBoth = [
      open('a', '1', silent),
      open('b', '2', { ...silent, closeDate: ahead(20) }),
      open('c', '1', stuck),
    ];
    const asked = choose(silentBoth);
    expect(asked.map(({ dealId: id, key: name }) => [id, kindOf(name)])).toEqual([
      ['a', 'silent'],
      ['b', 'close_soon'],
    ]);
  });

  it('are the same whatever the order in which the deals come', () => {
    const lines = ['a', 'b', 'c', 'd'].map((id, index) =>
      open(id, String(index + 1), { netMinor: 1_000n, ...(index % 2 === 0 ? silent : stuck) }),
    );
    expect(choose([...lines].reverse())).toEqual(choose(lines));
  });

  it('ask about an amount that cannot be used, and never about a pipeline that was left out', () => {
    expect(choose([open('a', '1', { exclusion: 'amount_absurd' })])[0]?.key).toBe('scope_doubtful');
    expect(choose([open('a', '1', { exclusion: 'pipeline_excluded' })])).toEqual([]);
  });
});

describe('last week’s questions', () => {
  const LAST = MONDAY.subtract({ weeks: 1 });
  const now = (lines: readonly ForecastLine[], moved = new Map()) => ({
    asOf: MONDAY,
    milestones: MILESTONES,
    moved,
    lines,
  });
  const askedAbout = (line: Partial<ForecastLine>, moved?: MovementKind) => {
    const asked = chooseQuestions({
      lines: [{ ...QUIET, ownerId: asId<OwnerId>('1'), ...line }],
      owners: [owner('1', 'Rep')],
      asOf: LAST,
      milestones: MILESTONES,
      moved: new Map(moved === undefined ? [] : [[QUIET.dealId, moved]]),
      maxQuestions: 1,
    });
    return { asOf: LAST, questions: asked };
  };
  const settled = (asked: ReturnType<typeof askedAbout>, line: Partial<ForecastLine> | null) =>
    settledQuestions(asked, now(line === null ? [] : [{ ...QUIET, ...line }])).map((one) => one.settled);

  it('is settled when its fact no longer holds: the customer was spoken to', () => {
    const asked = askedAbout({ lastCustomerContact: ago(30) });
    expect(asked.questions[0]?.key).toBe('silent');
    expect(settled(asked, { lastCustomerContact: ago(30) })).toEqual([false]);
    expect(settled(asked, { lastCustomerContact: ago(2) })).toEqual([true]);
  });

  it('is settled when the deal is signed, lost or gone, or has a new proof', () => {
    const asked = askedAbout({ closeDatePushes: 3 });
    expect(settled(asked, { closeDatePushes: 3 })).toEqual([false]);
    expect(settled(asked, { closeDatePushes: 3, standing: 'won' })).toEqual([true]);
    expect(settled(asked, { closeDatePushes: 3, standing: 'lost' })).toEqual([true]);
    expect(settled(asked, null)).toEqual([true]);
    expect(settled(asked, { closeDatePushes: 3, verified: key('solution') })).toEqual([true]);
  });

  it('about a movement of one week stays open until the customer has been spoken to', () => {
    const asked = askedAbout({}, 'fell_back');
    expect(asked.questions[0]?.key).toBe('fell_back');
    expect(settled(asked, { lastCustomerContact: ago(9) })).toEqual([false]);
    expect(settled(asked, { lastCustomerContact: ago(3) })).toEqual([true]);
  });

  it('about one proof is settled when the next proof is another one', () => {
    const asked = askedAbout({ missing: missing('solution'), lastCustomerContact: null });
    expect(asked.questions[0]?.key).toBe('next_proof');
    expect(settled(asked, { missing: missing('solution') })).toEqual([false]);
    expect(settled(asked, { missing: missing('contact') })).toEqual([true]);
  });

  it('of another version of the bank is not called answered', () => {
    const [question] = askedAbout({}).questions;
    if (question === undefined) throw new Error('something is asked');
    expect(settled({ asOf: LAST, questions: [{ ...question, key: 'of_another_version' }] }, {})).toEqual([
      false,
    ]);
  });

  it('are counted; where nothing was asked nothing is said', () => {
    expect(settledCount(askedAbout({ closeDatePushes: 3 }), now([]))).toEqual({ settled: 1, asked: 1 });
    expect(settledCount({ asOf: LAST, questions: [] }, now([]))).toBeNull();
  });
});
