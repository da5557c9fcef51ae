/** Work that cannot go on. */
import type { ErrorTable } from './types.ts';

export const WORK_ERRORS = {
  CONNECTION_UNKNOWN: {
    whoMustAct: 'admin',
    en: {
      what: 'There is no connection of this name',
      todo: 'Run jalon pull with the right --crm: it makes the connection',
    },
    fr: {
      what: 'Il n’y a pas de connexion de ce nom',
      todo: 'Lancez jalon pull avec le bon --crm : il crée la connexion',
    },
  },
  CONNECTION_NOT_ACTIVE: {
    whoMustAct: 'admin',
    en: { what: 'The connection is paused', todo: 'Take it out of pause; the work is then tried again' },
    fr: { what: 'La connexion est en pause', todo: 'Sortez-la de pause ; le travail est alors retenté' },
  },
  CONNECTION_NOT_READ: {
    whoMustAct: 'operator',
    en: { what: 'The CRM was never read through this connection', todo: 'Run jalon pull first' },
    fr: { what: 'Le CRM n’a jamais été lu par cette connexion', todo: 'Lancez d’abord jalon pull' },
  },
  MODEL_MISSING: {
    whoMustAct: 'admin',
    en: {
      what: 'The connection has no milestone model yet',
      todo: 'Write the company file (docs/company-file.md) and run jalon pull',
    },
    fr: {
      what: 'La connexion n’a pas encore de modèle de jalons',
      todo: 'Écrivez le fichier entreprise (docs/company-file.md) et lancez jalon pull',
    },
  },
  SNAPSHOT_MISSING: {
    whoMustAct: 'operator',
    en: {
      what: 'There is no snapshot yet, so there is no forecast',
      todo: 'Run jalon pull, then jalon snapshot',
    },
    fr: {
      what: 'Il n’y a pas encore de photo, donc pas de prévision',
      todo: 'Lancez jalon pull, puis jalon snapshot',
    },
  },
  SNAPSHOT_UNKNOWN: {
    whoMustAct: 'developer',
    en: {
      what: 'The work names a snapshot that does not exist',
      todo: 'Report it with the id in the detail; jalon snapshot makes a new one',
    },
    fr: {
      what: 'Le travail nomme une photo qui n’existe pas',
      todo: 'Signalez-le avec l’identifiant donné en détail ; jalon snapshot en fait une nouvelle',
    },
  },
  FORECAST_MISSING: {
    whoMustAct: 'operator',
    en: {
      what: 'The snapshot holds no forecast of this manager',
      todo: 'Run jalon snapshot on the next day: a snapshot never changes',
    },
    fr: {
      what: 'La photo ne contient pas de prévision de ce manager',
      todo: 'Lancez jalon snapshot le lendemain : une photo ne change jamais',
    },
  },
  FORECAST_DEAL_UNKNOWN: {
    whoMustAct: 'manager',
    en: {
      what: 'No deal with this id was read from the CRM',
      todo: 'Take the id from the address of the deal in the CRM; run jalon pull if it is new',
    },
    fr: {
      what: 'Aucune affaire avec cet identifiant n’a été lue dans le CRM',
      todo: 'Reprenez l’identifiant dans l’adresse de l’affaire dans le CRM ; lancez jalon pull si elle est nouvelle',
    },
  },
  FORECAST_DEAL_OUTSIDE: {
    whoMustAct: 'nobody',
    en: {
      what: 'The deal is in no forecast of today: it was created today, or closed more than 100 days before the fiscal year',
      todo: 'Nothing is wrong; a deal of today is in the forecast of tomorrow',
    },
    fr: {
      what: 'L’affaire n’est dans aucune prévision du jour : créée aujourd’hui, ou close plus de 100 jours avant l’exercice',
      todo: 'Rien n’est à corriger ; une affaire d’aujourd’hui sera dans la prévision de demain',
    },
  },
  FORECAST_FROZEN_NEGATIVE: {
    whoMustAct: 'manager',
    en: {
      what: 'A frozen forecast cannot be below zero',
      todo: 'Give the amount that you expect to sign in all',
    },
    fr: {
      what: 'Une prévision figée ne peut pas être négative',
      todo: 'Donnez le montant que vous pensez signer en tout',
    },
  },
  FORECAST_FROZEN_DIFFERENCES: {
    whoMustAct: 'manager',
    en: {
      what: 'The reasons do not explain the whole difference between your figure and the computed one',
      todo: 'Add a difference with its reason until nothing is left unexplained',
    },
    fr: {
      what: 'Les raisons n’expliquent pas tout l’écart entre votre chiffre et le chiffre calculé',
      todo: 'Ajoutez un écart avec sa raison jusqu’à ce que tout soit expliqué',
    },
  },
  FORECAST_FROZEN_REASON: {
    whoMustAct: 'manager',
    en: {
      what: 'A difference of a frozen forecast has no reason',
      todo: 'Write why your figure differs there',
    },
    fr: {
      what: 'Un écart de la prévision figée n’a pas de raison',
      todo: 'Écrivez pourquoi votre chiffre diffère à cet endroit',
    },
  },
  FORECAST_FROZEN_AMOUNT: {
    whoMustAct: 'manager',
    en: {
      what: 'An amount of a frozen forecast cannot be read, or can be read in two ways',
      todo: 'Write it like 1,250,000.50 or 650k, in the currency of the company',
    },
    fr: {
      what: 'Un montant de la prévision figée est illisible, ou se lit de deux façons',
      todo: 'Écrivez-le comme 1 250 000,50 ou 650 k, dans la devise de la société',
    },
  },
  FORECAST_FROZEN_DEAL: {
    whoMustAct: 'manager',
    en: {
      what: 'A difference of a frozen forecast names a deal that is not in this forecast',
      todo: 'Choose from the list, or give the difference as one that is about no deal in particular',
    },
    fr: {
      what: 'Un écart de la prévision figée nomme une affaire absente de cette prévision',
      todo: 'Choisissez dans la liste, ou donnez l’écart comme ne tenant à aucune affaire',
    },
  },
  FORECAST_FROZEN_ONCE: {
    whoMustAct: 'manager',
    en: {
      what: 'This forecast was frozen already on the figures of this Monday, and does not change',
      todo: 'Freeze again after the next Monday; both figures are kept',
    },
    fr: {
      what: 'Cette prévision est déjà figée sur les chiffres de ce lundi, et ne change plus',
      todo: 'Figez de nouveau après le prochain lundi ; les deux chiffres sont gardés',
    },
  },
  FORECAST_FROZEN_STALE: {
    whoMustAct: 'manager',
    en: {
      what: 'The computed forecast changed while you were writing: a new Monday came in',
      todo: 'Look at the new figure; what you typed is kept',
    },
    fr: {
      what: 'La prévision calculée a changé pendant la saisie : un nouveau lundi est arrivé',
      todo: 'Regardez le nouveau chiffre ; votre saisie est gardée',
    },
  },
  MANAGER_UNKNOWN: {
    whoMustAct: 'admin',
    en: {
      what: 'No manager of the snapshot has this name or address',
      todo: 'Check the address against the company file; who was added since is in the next snapshot',
    },
    fr: {
      what: 'Aucun manager de la photo n’a ce nom ou cette adresse',
      todo: 'Comparez l’adresse au fichier entreprise ; qui a été ajouté depuis sera dans la prochaine photo',
    },
  },
  WRITE_NOT_CONFIRMED: {
    whoMustAct: 'admin',
    en: {
      what: 'This would write to the CRM for the first time',
      todo: 'Look at jalon write-back plan, then repeat with --yes',
    },
    fr: {
      what: 'Ce serait la première écriture dans le CRM',
      todo: 'Regardez jalon write-back plan, puis recommencez avec --yes',
    },
  },
  EFFECT_BUSY: {
    whoMustAct: 'nobody',
    en: {
      what: 'Another run does the same work on the same connection',
      todo: 'Nothing to do: this one waits for its turn',
    },
    fr: {
      what: 'Un autre passage fait le même travail sur la même connexion',
      todo: 'Rien à faire : celui-ci attend son tour',
    },
  },
  EFFECT_CRASHED: {
    whoMustAct: 'operator',
    en: {
      what: 'A piece of work was parked because the process doing it ended without a word, several times in a row',
      todo: 'Look for a lack of memory in the logs of the machine, then run jalon work again',
    },
    fr: {
      what: 'Un travail est mis de côté : le processus qui le faisait s’est arrêté sans un mot, plusieurs fois de suite',
      todo: 'Cherchez un manque de mémoire dans les journaux de la machine, puis lancez jalon work again',
    },
  },
  EFFECT_NOT_PARKED: {
    whoMustAct: 'operator',
    en: { what: 'No parked work has this id', todo: 'Look at jalon work status, or use --all' },
    fr: {
      what: 'Aucun travail mis de côté n’a cet identifiant',
      todo: 'Regardez jalon work status, ou utilisez --all',
    },
  },
  EFFECT_UNKNOWN: {
    whoMustAct: 'developer',
    en: {
      what: 'A piece of work in the outbox is of a kind that this version does not know',
      todo: 'Run the newer version that wrote it, or report it',
    },
    fr: {
      what: 'Un travail en attente est d’un genre que cette version ne connaît pas',
      todo: 'Lancez la version plus récente qui l’a écrit, ou signalez-le',
    },
  },
  EFFECT_PAYLOAD: {
    whoMustAct: 'developer',
    en: { what: 'A piece of work in the outbox lacks a fact it needs', todo: 'Report it with the detail' },
    fr: {
      what: 'Il manque à un travail en attente une donnée nécessaire',
      todo: 'Signalez-le avec le détail',
    },
  },
  UNEXPECTED: {
    whoMustAct: 'developer',
    en: {
      what: 'Something happened that Jalon did not expect',
      todo: 'Repeat with LOG_LEVEL=debug, which prints where, and report it',
    },
    fr: {
      what: 'Il s’est produit quelque chose que Jalon n’attendait pas',
      todo: 'Recommencez avec LOG_LEVEL=debug, qui imprime l’endroit, et signalez-le',
    },
  },
} as const satisfies ErrorTable;
