import type { WorldEvent, WorldOwner } from '../world/types.ts';
import type { Customer } from './customers.ts';
import type { Days } from './days.ts';
import { LEFT_ON, LEFT_REP } from './people.ts';
import { STAGE_IDS } from './pipelines.ts';
import { type DealPlan, HOLD } from './plan.ts';
import type { Chance } from './random.ts';
import { MILESTONES, type Words } from './words.ts';

/** What a deal's life is told with. */
export interface Telling {
  readonly chance: Chance;
  readonly days: Days;
  readonly words: Words;
  readonly reps: readonly WorldOwner[];
  readonly home: string;
  readonly abroad: string;
}

export interface PlannedDeal {
  readonly id: string;
  readonly plan: DealPlan;
  readonly customer: Customer;
}

/** A plan told as what happened in the CRM: creation, stages, proofs, dates, amounts, owner, links. */
export function dealEvents(telling: Telling, deal: PlannedDeal): readonly WorldEvent[] {
  const { plan, id } = deal;
  const { days } = telling;
  const clock = hours(telling.chance);
  const edit = (day: number, fields: Readonly<Record<string, string>>): WorldEvent => ({
    what: 'edit',
    atMs: days.atMs(day, clock()),
    kind: 'deal',
    id,
    fields,
  });
  return [
    ...birth(telling, deal, days.atMs(plan.createdDay, clock())),
    ...plan.steps.slice(1).map((step) => edit(step.day, { stage: stageId(plan, step.milestone) })),
    ...proofs(telling, deal, edit),
    ...plan.pushes.map((push) => edit(push.day, { close_date: days.date(push.toDay).toString() })),
    ...(plan.newAmount !== null && (plan.end === null || plan.newAmount.day < plan.end.day)
      ? [edit(plan.newAmount.day, { amount: String(plan.newAmount.amount) })]
      : []),
    ...handover(telling, deal, edit),
    ...ending(telling, deal, edit),
  ];
}

/** Minutes of the day that only grow, so that events planned for one day keep their order. */
function hours(chance: Chance): () => number {
  let minute = 500 + chance.whole(0, 60);
  return () => {
    minute = Math.min(1_130, minute + chance.whole(1, 25));
    return minute;
  };
}

function stageId(plan: DealPlan, milestone: number): string {
  if (milestone === HOLD) return STAGE_IDS.fresh.hold;
  return STAGE_IDS[plan.pipeline][MILESTONES[milestone] ?? 'contact'];
}

function birth(telling: Telling, { id, plan, customer }: PlannedDeal, atMs: number): readonly WorldEvent[] {
  const topic = telling.chance.pick(telling.words.topics);
  const flawedStage = plan.fields['stage'] === 'tender' ? { stage: STAGE_IDS.fresh.tender } : {};
  const deal = { kind: 'deal', id } as const;
  const fields = {
    name: `${customer.name} - ${topic}`,
    amount: String(plan.amount),
    currency: plan.foreign ? telling.abroad : telling.home,
    pipeline: plan.pipeline === 'fresh' ? 'default' : '1093751',
    stage: stageId(plan, 0),
    close_date: telling.days.date(plan.closeDay).toString(),
    owner: telling.reps[plan.rep]?.id ?? '',
    type: plan.pipeline === 'fresh' ? 'newbusiness' : 'existingbusiness',
    ...plan.fields,
    ...flawedStage,
  };
  return [
    { what: 'create', atMs, kind: 'deal', id, fields },
    { what: 'link', atMs, from: deal, to: { kind: 'company', id: customer.companyId }, primary: true },
    ...customer.contacts.map((person) => ({
      what: 'link' as const,
      atMs,
      from: deal,
      to: { kind: 'contact' as const, id: person.id },
    })),
  ];
}

type Edit = (day: number, fields: Readonly<Record<string, string>>) => WorldEvent;

/** Only the first time that a milestone is reached is proven; after a fall the old proof still stands. */
function proofs(telling: Telling, { plan, customer }: PlannedDeal, edit: Edit): readonly WorldEvent[] {
  const person = customer.contacts[0]?.name ?? customer.name;
  const seen = new Set<number>();
  return plan.steps.flatMap((step) => {
    if (step.milestone === HOLD || step.proofAfter === null || seen.has(step.milestone)) return [];
    seen.add(step.milestone);
    const key = MILESTONES[step.milestone] ?? 'contact';
    const day = telling.days.workday(step.day + step.proofAfter);
    const on = Math.max(step.day, day);
    const text = telling.words.evidence[key].replace('{person}', person);
    const said = telling.days.date(step.day).toString();
    return [
      edit(on, {
        [`jalon_evidence_${key}`]: text,
        ...(key === 'verbal' && { jalon_verbal_commitment_on: said }),
      }),
    ];
  });
}

/** Deals of the rep who left went to a colleague, but for those that were forgotten. */
function handover(telling: Telling, { plan }: PlannedDeal, edit: Edit): readonly WorldEvent[] {
  const openThen = plan.end === null || plan.end.day > LEFT_ON;
  if (plan.rep !== LEFT_REP || !openThen || plan.createdDay >= LEFT_ON) return [];
  const colleague = telling.reps[telling.chance.whole(4, 7)];
  return colleague === undefined ? [] : [edit(LEFT_ON + 1, { owner: colleague.id })];
}

function ending(telling: Telling, { plan }: PlannedDeal, edit: Edit): readonly WorldEvent[] {
  if (plan.end === null) return [];
  const stage = STAGE_IDS[plan.pipeline][plan.end.kind];
  return [edit(plan.end.day, { stage, close_date: telling.days.date(plan.end.day).toString() })];
}
