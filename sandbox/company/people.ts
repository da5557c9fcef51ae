import type { WorldOwner, WorldTeam } from '../world/types.ts';
import type { Days } from './days.ts';
import type { PersonName, Words } from './words.ts';

export const REPS_PER_TEAM = 4;
/** Position of the rep who left in the list of reps. */
export const LEFT_REP = 12;
/** The day on which that rep left. */
export const LEFT_ON = -60;

/** Teams and users of the account: three managers, twelve reps, one who left. Managers own no deals. */
export interface Staff {
  readonly teams: readonly WorldTeam[];
  readonly managers: readonly WorldOwner[];
  /** Twelve reps in the order of teams, then the one who left. */
  readonly reps: readonly WorldOwner[];
}

export function staffOf(words: Words, days: Days): Staff {
  const teams = words.teams.map((name, at) => ({ id: String(31_500_001 + at), name }));
  const user = (name: PersonName, number: number, team: number, active: boolean): WorldOwner => ({
    id: String(412_000_100 + number * 7),
    userId: String(68_300_000 + number * 13),
    firstName: name[0],
    lastName: name[1],
    email: emailOf(name),
    active,
    teamIds: [teams[team]?.id ?? ''],
    createdAtMs: days.atMs(-900, 540),
    updatedAtMs: days.atMs(active ? -700 : LEFT_ON, 1_080),
  });
  return {
    teams,
    managers: words.managers.map((name, at) => user(name, at, at, true)),
    reps: [
      ...words.reps.map((name, at) => user(name, 10 + at, Math.floor(at / REPS_PER_TEAM), true)),
      user(words.left, 40, 1, false),
    ],
  };
}

export function emailOf(name: PersonName): string {
  const plain = name
    .join('.')
    .normalize('NFD')
    .replace(/[^a-zA-Z.]/g, '');
  return `${plain.toLowerCase()}@example.com`;
}
