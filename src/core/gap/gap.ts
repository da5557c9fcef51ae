/** What is missing to the target and what could close it. forecast-model: section 5. */

/** A prospect is contacted this often before it answers for good, until the company's own mean is measured. */
const CONTACTS_UNTIL_MEASURED = 7;

/** Chance in time below which "more prospects" is no answer. */
export const TOO_LATE = 0.001;

export interface GapInput {
  /** Minor units of the company currency. */
  readonly targetMinor: bigint;
  readonly wonMinor: bigint;
  readonly expectedMinor: bigint;
  /** Mean amount of won deals; null while nothing was won. */
  readonly averageWonMinor: bigint | null;
  /** Chance of a deal just begun to be won in what is left of the period (`Odds.inDays(0, 0, h)`). */
  readonly firstInTime: number;
  /** Chance of a deal just begun to be won at all: the first milestone's weight by history. */
  readonly firstEventually: number;
  /** Measured mean of contacts per prospect; null until measured. */
  readonly meanContacts: number | null;
}

/** Whole deals and prospects. Null: cannot be said, for want of a won deal to know their size, or because none could ever be won. */
export interface GapPlan {
  readonly gapMinor: bigint;
  readonly deals: number | null;
  readonly prospectsInTime: number | null;
  readonly prospectsEventually: number | null;
  readonly contacts: number | null;
  readonly contactsPerProspect: number;
  readonly contactsAreMeasured: boolean;
  /** True: new prospects come too late for this period; act on deals already far advanced. */
  readonly onlyOpenDealsHelp: boolean;
}

/** A target of zero, or one already reached, leaves a gap of zero: no deals, no prospects. */
export function gapPlan(input: GapInput): GapPlan {
  const missing = input.targetMinor - input.wonMinor - input.expectedMinor;
  const gapMinor = missing > 0n ? missing : 0n;
  const deals = dealsFor(gapMinor, input.averageWonMinor);
  const prospectsInTime = input.firstInTime < TOO_LATE ? null : prospectsFor(deals, input.firstInTime);
  const contactsPerProspect = input.meanContacts ?? CONTACTS_UNTIL_MEASURED;
  return {
    gapMinor,
    deals,
    prospectsInTime: gapMinor === 0n ? 0 : prospectsInTime,
    prospectsEventually: prospectsFor(deals, input.firstEventually),
    contacts: prospectsInTime === null ? null : Math.ceil(prospectsInTime * contactsPerProspect),
    contactsPerProspect,
    contactsAreMeasured: input.meanContacts !== null,
    onlyOpenDealsHelp: gapMinor > 0n && input.firstInTime < TOO_LATE,
  };
}

function dealsFor(gapMinor: bigint, averageWonMinor: bigint | null): number | null {
  if (gapMinor === 0n) return 0;
  if (averageWonMinor === null || averageWonMinor <= 0n) return null;
  return Number((gapMinor + averageWonMinor - 1n) / averageWonMinor);
}

/** 6 deals at 5 % are 120 prospects, although 6 / .05 is a hair more than 120 in binary. */
function prospectsFor(deals: number | null, chance: number): number | null {
  if (deals === 0) return 0;
  if (deals === null || !(chance > 0)) return null;
  return Math.ceil(deals / chance - 1e-9);
}

/** Open pipeline due in the period over what is still to be won; null when nothing is. Both in minor units. */
export function coverage(openDueMinor: bigint, targetMinor: bigint, wonMinor: bigint): number | null {
  const toWinMinor = targetMinor - wonMinor;
  return toWinMinor > 0n ? Number(openDueMinor) / Number(toWinMinor) : null;
}

/** Minor units that the pipeline yields per day: deals x win rate x average amount / cycle days. Null without a cycle. */
export function velocity(
  openDeals: number,
  winRate: number,
  averageWonMinor: bigint,
  cycleDays: number | null,
): number | null {
  return cycleDays !== null && cycleDays > 0
    ? (openDeals * winRate * Number(averageWonMinor)) / cycleDays
    : null;
}
