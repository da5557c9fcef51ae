/** A company of any size: pipelines, teams, owners, deals of every standing with their past. The same number gives the same company. */
import type { Deal, Directory } from '../../src/core/deals/deal.ts';
import { asId, type OwnerId, type PipelineId, type StageId, type TeamId } from '../../src/core/values/ids.ts';
import { randomFrom } from './random.ts';
import { dealAt, manager, type SmallCompanyChanges } from './small-company.ts';
import { EUR, instant } from './store-records.ts';

const STAGES = ['contact', 'need', 'solution', 'verbal'];
const PIPELINES = ['sales', 'renewals', 'partners'];
const TEAMS = 12;
const FIRST_NAMES = [
  'Karim',
  'Sophie',
  'Julien',
  'Inès',
  'Thomas',
  'Lucie',
  'Olivier',
  'Nadia',
  'Paul',
  'Aïcha',
];
const COMPANIES = [
  'Laiteries Pelvoux',
  'Groupe Sault',
  'Imprimerie Kerjean',
  'Cliniques Tressac',
  'Fonderies Armel',
];
const SUBJECTS = ['audit énergétique', 'contrat de maintenance', 'déploiement multi-sites', 'support étendu'];
const DAY_HOURS = 24;

export interface LargeCompany {
  readonly deals: readonly Deal[];
  readonly more: SmallCompanyChanges;
}

export function largeCompany(count: number): LargeCompany {
  const owners = ownersOf(Math.max(TEAMS, Math.round(count / 150)));
  const random = randomFrom(7);
  const deals = Array.from({ length: count }, (_, index) => dealOf(index, owners, random));
  const [first] = PIPELINES;
  const directory: Partial<Directory> = {
    owners,
    teams: Array.from({ length: TEAMS }, (_, at) => ({ id: teamId(at), name: `Région ${at + 1}` })),
    pipelines: PIPELINES.map((id) => ({
      id: asId<PipelineId>(id),
      label: id === first ? 'Nouveaux clients' : id === 'renewals' ? 'Renouvellements' : 'Partenaires',
      stages: [],
    })),
  };
  const managers = [
    manager('claire', 'Claire Vasseur'),
    { ...manager('marc', 'Marc Oger'), teamIds: [teamId(0), teamId(1)] },
  ];
  return { deals, more: { directory, managers } };
}

const teamId = (at: number): TeamId => asId<TeamId>(`t${at}`);

function ownersOf(count: number): Directory['owners'] {
  return Array.from({ length: count }, (_, at) => ({
    id: asId<OwnerId>(`o${at}`),
    name: `${FIRST_NAMES[at % FIRST_NAMES.length]} ${String.fromCharCode(65 + (at % 26))}${at}`,
    email: null,
    active: true,
    teamIds: at % 17 === 0 ? [teamId(at % TEAMS), teamId((at + 1) % TEAMS)] : [teamId(at % TEAMS)],
  }));
}

/** Four in ten are closed, three of them won; the open ones stand in every milestone, proven up to the one before. */
function dealOf(index: number, owners: Directory['owners'], random: () => number): Deal {
  const closed = random() < 0.4;
  const reached = 1 + Math.floor(random() * STAGES.length);
  const path = closed
    ? random() < 0.75
      ? [...STAGES, 'won']
      : [...STAGES.slice(0, reached), 'lost']
    : STAGES.slice(0, reached);
  const began = instant('2026-11-10T09:00:00Z').subtract({
    hours: DAY_HOURS * (Math.floor(random() * (closed ? 500 : 150)) + path.length * 12),
  });
  const step = 3 + Math.floor(random() * 9);
  return dealAt(String(10_000 + index), path.at(-1) ?? '', {
    name: `${COMPANIES[index % COMPANIES.length]} ${index} – ${SUBJECTS[Math.floor(random() * SUBJECTS.length)]}`,
    pipelineId: asId<PipelineId>(PIPELINES[Math.floor(random() ** 2 * PIPELINES.length)] ?? ''),
    ownerId: owners[Math.floor(random() * owners.length)]?.id ?? null,
    createdAt: began,
    stageHistory: path.map((stage, at) => ({
      stageId: asId<StageId>(stage),
      enteredAt: began.add({ hours: DAY_HOURS * step * at }),
    })),
    properties: STAGES.slice(0, Math.max(0, reached - 1)).map((key) => ({
      name: `jalon_evidence_${key}`,
      value: 'letter',
      filledAt: began.add({ hours: DAY_HOURS * step }),
    })),
    amount: {
      kind: 'money',
      money: { amountMinor: BigInt(100_000 + Math.floor(random() * 9_000_000)), currency: EUR },
    },
  });
}
