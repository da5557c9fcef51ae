/** The law of the method on a model (src/core/milestones/milestone-law.ts). */
import type { ModelErrorCode } from '../../src/core/milestones/milestone-law.ts';
import type { ErrorTable } from './types.ts';

export const MODEL_ERRORS: ErrorTable<ModelErrorCode> = {
  MODEL_EMPTY: {
    whoMustAct: 'admin',
    en: {
      what: 'The model has no milestone',
      todo: 'Give 2 to 8 milestones, one of them the verbal commitment',
    },
    fr: { what: 'Le modèle n’a aucun jalon', todo: 'Donnez de 2 à 8 jalons, dont l’accord verbal' },
  },
  MODEL_COUNT: {
    whoMustAct: 'admin',
    en: {
      what: 'The model has too few or too many milestones',
      todo: 'Keep 2 to 8: fewer lead nowhere, more nobody remembers',
    },
    fr: {
      what: 'Le modèle a trop peu ou trop de jalons',
      todo: 'Gardez-en de 2 à 8 : moins ne mène nulle part, plus personne ne les retient',
    },
  },
  MODEL_KEY_SHAPE: {
    whoMustAct: 'admin',
    en: {
      what: 'The key of a milestone cannot become part of a CRM property’s name, or is the reserved word "signed"',
      todo: 'Use small letters, digits and _ only, beginning with a letter, 40 characters at most',
    },
    fr: {
      what: 'La clé d’un jalon ne peut pas entrer dans le nom d’une propriété du CRM, ou est le mot réservé « signed »',
      todo: 'N’utilisez que des minuscules sans accent, des chiffres et _, en commençant par une lettre, 40 caractères au plus',
    },
  },
  MODEL_KEY_DUPLICATE: {
    whoMustAct: 'admin',
    en: { what: 'Two milestones have the same key', todo: 'Give each its own' },
    fr: { what: 'Deux jalons ont la même clé', todo: 'Donnez à chacun la sienne' },
  },
  MODEL_LABEL_EMPTY: {
    whoMustAct: 'admin',
    en: {
      what: 'A milestone has no label in one of the languages',
      todo: 'Give its label in French and in English',
    },
    fr: {
      what: 'Un jalon n’a pas de libellé dans l’une des langues',
      todo: 'Donnez son libellé en français et en anglais',
    },
  },
  MODEL_WEIGHT_RANGE: {
    whoMustAct: 'admin',
    en: { what: 'A weight lies outside 0 to 100 %', todo: 'Give a percentage, with two decimals at most' },
    fr: { what: 'Un poids sort de 0 à 100 %', todo: 'Donnez un pourcentage, avec deux décimales au plus' },
  },
  MODEL_WEIGHTS_FALL: {
    whoMustAct: 'admin',
    en: {
      what: 'A milestone weighs less than the one before it',
      todo: 'Let the weights rise, or stay, from first contact to signature; or correct the order',
    },
    fr: {
      what: 'Un jalon pèse moins que celui qui le précède',
      todo: 'Faites monter les poids, ou laissez-les égaux, du premier contact à la signature ; ou corrigez l’ordre',
    },
  },
  MODEL_NO_VERBAL: {
    whoMustAct: 'admin',
    en: {
      what: 'No milestone is the verbal commitment',
      todo: 'Mark the milestone at which the customer says yes with verbal: true',
    },
    fr: {
      what: 'Aucun jalon n’est l’accord verbal',
      todo: 'Marquez par verbal: true le jalon auquel le client dit oui',
    },
  },
  MODEL_SEVERAL_VERBAL: {
    whoMustAct: 'admin',
    en: {
      what: 'Several milestones are marked as the verbal commitment',
      todo: 'Keep verbal: true on one of them',
    },
    fr: {
      what: 'Plusieurs jalons sont marqués comme accord verbal',
      todo: 'Gardez verbal: true sur un seul',
    },
  },
  MODEL_VERBAL_NOT_ABOVE_HALF: {
    whoMustAct: 'admin',
    en: {
      what: 'The verbal commitment does not weigh more than 50 %',
      todo: 'Raise its weight above 50: a customer who said yes is past half of the way',
    },
    fr: {
      what: 'L’accord verbal ne pèse pas plus de 50 %',
      todo: 'Portez son poids au-dessus de 50 : un client qui a dit oui a passé la moitié du chemin',
    },
  },
  MODEL_BEFORE_VERBAL_ABOVE_HALF: {
    whoMustAct: 'admin',
    en: {
      what: 'The milestone before the verbal commitment weighs more than 50 %',
      todo: 'Lower it to 50 or less: nothing is past half before the customer said yes',
    },
    fr: {
      what: 'Le jalon qui précède l’accord verbal pèse plus de 50 %',
      todo: 'Ramenez-le à 50 ou moins : rien ne passe la moitié avant que le client ait dit oui',
    },
  },
  MODEL_VERBAL_OPTIONAL: {
    whoMustAct: 'admin',
    en: { what: 'The verbal commitment is marked as optional', todo: 'Remove optional from it' },
    fr: { what: 'L’accord verbal est marqué comme facultatif', todo: 'Retirez-lui optional' },
  },
  MODEL_TYPICAL_DAYS: {
    whoMustAct: 'admin',
    en: {
      what: 'The typical days of a milestone are no whole number from 0 to 3650',
      todo: 'Give whole days',
    },
    fr: {
      what: 'La durée typique d’un jalon n’est pas un nombre entier de 0 à 3650',
      todo: 'Donnez des jours entiers',
    },
  },
  MODEL_EXPIRY_DAYS: {
    whoMustAct: 'admin',
    en: {
      what: 'The days after which a proof expires are no whole number from 1 to 3650',
      todo: 'Give whole days, or leave expires_after_days out: then proof does not expire',
    },
    fr: {
      what: 'Le délai d’expiration d’une preuve n’est pas un nombre entier de 1 à 3650',
      todo: 'Donnez des jours entiers, ou retirez expires_after_days : la preuve n’expire alors pas',
    },
  },
  MODEL_RULE_BROKEN: {
    whoMustAct: 'admin',
    en: {
      what: 'An evidence rule could never be met, or always would be',
      todo: 'Name a property, at least one role, or at least one kind of activity with at_least from 1 to 100',
    },
    fr: {
      what: 'Une règle de preuve ne pourrait jamais être remplie, ou le serait toujours',
      todo: 'Nommez une propriété, au moins un rôle, ou au moins un type d’activité avec at_least de 1 à 100',
    },
  },
  MODEL_MAPPING_UNKNOWN_KEY: {
    whoMustAct: 'admin',
    en: {
      what: 'A stage is mapped to a milestone that the model does not have',
      todo: 'Write the key of one of its milestones, or won, lost or keep',
    },
    fr: {
      what: 'Une étape est rattachée à un jalon que le modèle n’a pas',
      todo: 'Écrivez la clé d’un de ses jalons, ou won, lost ou keep',
    },
  },
};
