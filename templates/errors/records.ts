/** Records that could not be read, deals that are in no sum, and what a person should see of a deal. */
import type { DealFlag, RejectionCode } from '../../src/core/deals/deal.ts';
import type { Exclusion } from '../../src/core/forecast/forecast-types.ts';
import type { ErrorTable } from './types.ts';

export const REJECTIONS: ErrorTable<RejectionCode> = {
  ID_MISSING: {
    whoMustAct: 'developer',
    en: {
      what: 'A record came without an id, so nobody can say which it is',
      todo: 'Report it: the record is counted and left out',
    },
    fr: {
      what: 'Un enregistrement est arrivé sans identifiant, on ne peut dire lequel',
      todo: 'Signalez-le : l’enregistrement est compté et laissé de côté',
    },
  },
  ID_DUPLICATE: {
    whoMustAct: 'nobody',
    en: {
      what: 'The same record came twice in one reading; the newest is kept',
      todo: 'Nothing, if it was edited during the reading; otherwise look for the double at its source',
    },
    fr: {
      what: 'Le même enregistrement est arrivé deux fois dans une lecture ; le plus récent est gardé',
      todo: 'Rien s’il a été modifié pendant la lecture ; sinon cherchez le double à la source',
    },
  },
  PIPELINE_MISSING: {
    whoMustAct: 'deal_owner',
    en: {
      what: 'The deal is in no pipeline',
      todo: 'Put it into a pipeline in the CRM; until then it is counted and in no total',
    },
    fr: {
      what: 'L’affaire n’est dans aucun pipeline',
      todo: 'Placez-la dans un pipeline du CRM ; d’ici là elle est comptée et hors de tout total',
    },
  },
  STAGE_MISSING: {
    whoMustAct: 'deal_owner',
    en: {
      what: 'The deal has no stage',
      todo: 'Give it a stage in the CRM; until then it is counted and in no total',
    },
    fr: {
      what: 'L’affaire n’a pas d’étape',
      todo: 'Donnez-lui une étape dans le CRM ; d’ici là elle est comptée et hors de tout total',
    },
  },
  AMOUNT_UNREADABLE: {
    whoMustAct: 'deal_owner',
    en: {
      what: 'The amount of the deal is no number',
      todo: 'Write a plain number in the CRM; until then the deal is counted and in no total',
    },
    fr: {
      what: 'Le montant de l’affaire n’est pas un nombre',
      todo: 'Écrivez un nombre simple dans le CRM ; d’ici là l’affaire est comptée et hors de tout total',
    },
  },
  DATE_UNREADABLE: {
    whoMustAct: 'deal_owner',
    en: {
      what: 'A date of the record cannot be read',
      todo: 'Correct the field that the rejection names; until then the record is counted and left out',
    },
    fr: {
      what: 'Une date de l’enregistrement est illisible',
      todo: 'Corrigez le champ que nomme le rejet ; d’ici là l’enregistrement est compté et laissé de côté',
    },
  },
  CREATED_MISSING: {
    whoMustAct: 'deal_owner',
    en: {
      what: 'The deal does not say when it was created, so its past cannot be told',
      todo: 'Fill in the creation date in the CRM, or create the deal anew',
    },
    fr: {
      what: 'L’affaire ne dit pas quand elle a été créée, son passé ne peut être raconté',
      todo: 'Renseignez la date de création dans le CRM, ou recréez l’affaire',
    },
  },
  SHAPE_UNEXPECTED: {
    whoMustAct: 'developer',
    en: {
      what: 'The record has another shape than the CRM documents',
      todo: 'Report it with the field that the rejection names; the record is counted and left out',
    },
    fr: {
      what: 'L’enregistrement n’a pas la forme que documente le CRM',
      todo: 'Signalez-le avec le champ que nomme le rejet ; l’enregistrement est compté et laissé de côté',
    },
  },
};

export const EXCLUSIONS: ErrorTable<`exclusion.${Exclusion}`> = {
  'exclusion.amount_missing': {
    whoMustAct: 'deal_owner',
    en: {
      what: 'The deal has no amount; it is listed and in no total',
      todo: 'Give it an amount in the CRM',
    },
    fr: {
      what: 'L’affaire n’a pas de montant ; elle est listée et hors de tout total',
      todo: 'Donnez-lui un montant dans le CRM',
    },
  },
  'exclusion.amount_negative': {
    whoMustAct: 'deal_owner',
    en: {
      what: 'The amount of the deal is negative; it is listed and in no total',
      todo: 'Correct the amount, or keep credits outside the deals',
    },
    fr: {
      what: 'Le montant de l’affaire est négatif ; elle est listée et hors de tout total',
      todo: 'Corrigez le montant, ou gardez les avoirs hors des affaires',
    },
  },
  'exclusion.amount_absurd': {
    whoMustAct: 'deal_owner',
    en: {
      what: 'The amount has more than 13 digits before the decimals and would drown every total; the deal is listed and in none',
      todo: 'Correct the amount in the CRM',
    },
    fr: {
      what: 'Le montant a plus de 13 chiffres avant la virgule et noierait tout total ; l’affaire est listée et hors de tous',
      todo: 'Corrigez le montant dans le CRM',
    },
  },
  'exclusion.currency_missing': {
    whoMustAct: 'deal_owner',
    en: {
      what: 'The deal has no currency although the account uses several; none is guessed',
      todo: 'Choose its currency in the CRM',
    },
    fr: {
      what: 'L’affaire n’a pas de devise alors que le compte en utilise plusieurs ; aucune n’est devinée',
      todo: 'Choisissez sa devise dans le CRM',
    },
  },
  'exclusion.currency_unknown': {
    whoMustAct: 'deal_owner',
    en: { what: 'The currency of the deal is no ISO 4217 code', todo: 'Choose a real currency in the CRM' },
    fr: {
      what: 'La devise de l’affaire n’est pas un code ISO 4217',
      todo: 'Choisissez une vraie devise dans le CRM',
    },
  },
  'exclusion.no_rate': {
    whoMustAct: 'admin',
    en: {
      what: 'No rate leads from the deal’s currency to the company’s on that day',
      todo: 'Add the rate with its date in the company file, or in the CRM',
    },
    fr: {
      what: 'Aucun taux ne mène ce jour-là de la devise de l’affaire à celle de la société',
      todo: 'Ajoutez le taux avec sa date dans le fichier entreprise, ou dans le CRM',
    },
  },
  'exclusion.stage_unmapped': {
    whoMustAct: 'admin',
    en: {
      what: 'The stage of the deal has no meaning in the model; the deal is counted, listed, and weighs in no total',
      todo: 'Map the stage to a milestone, won, lost or keep in the company file',
    },
    fr: {
      what: 'L’étape de l’affaire n’a pas de sens dans le modèle ; l’affaire est comptée, listée, et ne pèse dans aucun total',
      todo: 'Rattachez l’étape à un jalon, won, lost ou keep dans le fichier entreprise',
    },
  },
  'exclusion.pipeline_excluded': {
    whoMustAct: 'nobody',
    en: {
      what: 'The deal is in a pipeline that the company leaves out of its forecasts',
      todo: 'Nothing, or remove the pipeline from excluded_pipelines',
    },
    fr: {
      what: 'L’affaire est dans un pipeline que la société laisse hors de ses prévisions',
      todo: 'Rien, ou retirez le pipeline de excluded_pipelines',
    },
  },
};

export const DEAL_FLAGS: ErrorTable<`flag.${DealFlag}`> = {
  'flag.amount_rounded': {
    whoMustAct: 'nobody',
    en: {
      what: 'The amount had more decimals than its currency; it was rounded half to even',
      todo: 'Nothing, or write the amount with the decimals of its currency',
    },
    fr: {
      what: 'Le montant avait plus de décimales que sa devise ; il a été arrondi au pair le plus proche',
      todo: 'Rien, ou écrivez le montant avec les décimales de sa devise',
    },
  },
  'flag.close_date_missing': {
    whoMustAct: 'deal_owner',
    en: {
      what: 'The deal has no close date; none is invented',
      todo: 'Give it the date on which the customer means to sign',
    },
    fr: {
      what: 'L’affaire n’a pas de date de clôture ; aucune n’est inventée',
      todo: 'Donnez-lui la date à laquelle le client compte signer',
    },
  },
  'flag.close_before_creation': {
    whoMustAct: 'deal_owner',
    en: {
      what: 'The close date lies before the creation of the deal',
      todo: 'Correct the close date in the CRM',
    },
    fr: {
      what: 'La date de clôture précède la création de l’affaire',
      todo: 'Corrigez la date de clôture dans le CRM',
    },
  },
  'flag.owner_missing': {
    whoMustAct: 'manager',
    en: {
      what: 'The deal belongs to nobody; it counts for the company and for no team',
      todo: 'Give it an owner in the CRM',
    },
    fr: {
      what: 'L’affaire n’appartient à personne ; elle compte pour la société et pour aucune équipe',
      todo: 'Donnez-lui un commercial dans le CRM',
    },
  },
  'flag.owner_unknown': {
    whoMustAct: 'manager',
    en: {
      what: 'The owner of the deal is not among the CRM’s users; it counts for the company and for no team',
      todo: 'Give it to somebody who is',
    },
    fr: {
      what: 'Le commercial de l’affaire n’est pas parmi les utilisateurs du CRM ; elle compte pour la société et pour aucune équipe',
      todo: 'Confiez-la à quelqu’un qui y est',
    },
  },
  'flag.stage_unknown': {
    whoMustAct: 'deal_owner',
    en: {
      what: 'The stage of the deal no longer exists in the CRM',
      todo: 'Move the deal to a stage of today',
    },
    fr: {
      what: 'L’étape de l’affaire n’existe plus dans le CRM',
      todo: 'Déplacez l’affaire vers une étape actuelle',
    },
  },
  'flag.history_incomplete': {
    whoMustAct: 'nobody',
    en: {
      what: 'The CRM does not tell the whole past of the deal; nothing is made up to fill the gap',
      todo: 'Nothing: today’s figures hold, past days of this deal may be incomplete',
    },
    fr: {
      what: 'Le CRM ne donne pas tout le passé de l’affaire ; rien n’est inventé pour combler le trou',
      todo: 'Rien : les chiffres du jour sont justes, le passé de cette affaire peut être incomplet',
    },
  },
};
