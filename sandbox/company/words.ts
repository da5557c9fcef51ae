/** Everything that differs between the French and the English company: names (all invented) and what people write into a CRM. */
export interface Words {
  readonly accountName: string;
  readonly companyHeads: readonly string[];
  readonly companyTails: readonly string[];
  readonly industries: readonly string[];
  readonly cities: readonly string[];
  readonly firstNames: readonly string[];
  readonly lastNames: readonly string[];
  readonly jobTitles: readonly string[];
  readonly topics: readonly string[];
  readonly teams: readonly string[];
  /** First and last name; managers one per team, reps four per team in the order of teams. */
  readonly managers: readonly PersonName[];
  readonly reps: readonly PersonName[];
  /** A rep who has left the company. */
  readonly left: PersonName;
  readonly pipelines: { readonly fresh: string; readonly growth: string };
  readonly stages: Readonly<Record<MilestoneName | 'won' | 'lost' | 'hold' | 'tender', string>>;
  readonly evidenceLabels: Readonly<Record<MilestoneName | 'on', string>>;
  /** `{person}` is the customer's. */
  readonly evidence: Readonly<Record<MilestoneName, string>>;
  readonly subjects: Readonly<Record<'mailOut' | 'mailIn' | 'call' | 'meeting' | 'note' | 'task', string>>;
  readonly testDeal: string;
}

export type PersonName = readonly [first: string, last: string];

/** The default milestone model, in order. */
export const MILESTONES = ['contact', 'need', 'solution', 'verbal'] as const;
export type MilestoneName = (typeof MILESTONES)[number];
