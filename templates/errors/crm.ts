/** What a CRM may answer: to a call, to a write of one deal, about one of our properties. */
import type { ConnectorErrorCode, PropertyProblem, WriteRefusal } from '../../src/ports/connector.ts';
import type { ErrorTable } from './types.ts';

export const CRM_ERRORS: ErrorTable<ConnectorErrorCode> = {
  CRM_UNAUTHORISED: {
    whoMustAct: 'admin',
    en: {
      what: 'The CRM does not accept the access token; the connection waits to be reconnected, nothing is lost',
      todo: 'Put a valid token into the configuration and run jalon pull: what was waiting goes on by itself',
    },
    fr: {
      what: 'Le CRM n’accepte pas le jeton d’accès ; la connexion attend d’être rétablie, rien n’est perdu',
      todo: 'Mettez un jeton valide dans la configuration et lancez jalon pull : ce qui attendait reprend de lui-même',
    },
  },
  CRM_FORBIDDEN: {
    whoMustAct: 'admin',
    en: {
      what: 'The token lacks a right that this step needs',
      todo: 'Give the app or the user the scope that the detail names, then repeat the command',
    },
    fr: {
      what: 'Il manque au jeton un droit nécessaire à cette étape',
      todo: 'Donnez à l’application ou à l’utilisateur le droit que nomme le détail, puis recommencez',
    },
  },
  CRM_RATE_LIMITED: {
    whoMustAct: 'nobody',
    en: {
      what: 'The CRM asks for fewer calls for a while',
      todo: 'Nothing: the work waits and goes on where it stopped',
    },
    fr: {
      what: 'Le CRM demande moins d’appels pendant un moment',
      todo: 'Rien : le travail attend et reprend où il s’est arrêté',
    },
  },
  CRM_DAILY_LIMIT: {
    whoMustAct: 'admin',
    en: {
      what: 'The CRM account has used up its calls of the day',
      todo: 'Nothing: the work goes on when the day’s budget comes back; if it happens often, see which other apps use it',
    },
    fr: {
      what: 'Le compte CRM a épuisé ses appels du jour',
      todo: 'Rien : le travail reprend quand le budget du jour revient ; si cela arrive souvent, voyez quelles autres applications l’utilisent',
    },
  },
  CRM_LOCKED: {
    whoMustAct: 'nobody',
    en: {
      what: 'The CRM has locked the account or the record for a moment (lock, migration)',
      todo: 'Nothing: it is tried again',
    },
    fr: {
      what: 'Le CRM a verrouillé le compte ou la fiche un moment (verrou, migration)',
      todo: 'Rien : un nouvel essai suit',
    },
  },
  CRM_UNAVAILABLE: {
    whoMustAct: 'nobody',
    en: {
      what: 'The CRM, or the network before it, answers with a server error',
      todo: 'Nothing: it is tried again; if it lasts, look at the vendor’s status page',
    },
    fr: {
      what: 'Le CRM, ou le réseau devant lui, répond par une erreur de serveur',
      todo: 'Rien : un nouvel essai suit ; si cela dure, regardez la page d’état de l’éditeur',
    },
  },
  CRM_TIMEOUT: {
    whoMustAct: 'nobody',
    en: {
      what: 'The CRM did not answer in time',
      todo: 'Nothing: it is tried again, and a write is read back before it is repeated',
    },
    fr: {
      what: 'Le CRM n’a pas répondu à temps',
      todo: 'Rien : un nouvel essai suit, et une écriture est relue avant d’être répétée',
    },
  },
  CRM_UNREACHABLE: {
    whoMustAct: 'operator',
    en: {
      what: 'No connection to the CRM can be made, or it breaks',
      todo: 'Check network, proxy and HUBSPOT_BASE_URL or PIPEDRIVE_BASE_URL; it is tried again meanwhile',
    },
    fr: {
      what: 'La connexion au CRM ne s’établit pas, ou se rompt',
      todo: 'Vérifiez le réseau, le proxy et HUBSPOT_BASE_URL ou PIPEDRIVE_BASE_URL ; les essais continuent entre-temps',
    },
  },
  CRM_UNREADABLE: {
    whoMustAct: 'operator',
    en: {
      what: 'The CRM answers with something that is no answer: empty, cut short, redirected, or of an unknown shape',
      todo: 'If a proxy stands in between, check it; if it stays so, report it with the path in the detail',
    },
    fr: {
      what: 'Le CRM répond par ce qui n’est pas une réponse : vide, tronquée, redirigée ou de forme inconnue',
      todo: 'Si un proxy est sur le chemin, vérifiez-le ; si cela dure, signalez-le avec le chemin donné en détail',
    },
  },
  CRM_REFUSED: {
    whoMustAct: 'developer',
    en: {
      what: 'The CRM refuses a call of Jalon for good',
      todo: 'Report it with the path and status in the detail',
    },
    fr: {
      what: 'Le CRM refuse définitivement un appel de Jalon',
      todo: 'Signalez-le avec le chemin et le statut donnés en détail',
    },
  },
  CRM_STOPPED: {
    whoMustAct: 'nobody',
    en: {
      what: 'The process was asked to stop in the middle of the work',
      todo: 'Nothing: the next start goes on from there',
    },
    fr: {
      what: 'Le processus a été arrêté au milieu du travail',
      todo: 'Rien : le prochain démarrage reprend là',
    },
  },
};

export const WRITE_REFUSALS: ErrorTable<WriteRefusal> = {
  DEAL_GONE: {
    whoMustAct: 'nobody',
    en: {
      what: 'The deal was deleted or merged in the CRM before its values were written',
      todo: 'Nothing: the next pull takes it out of the forecast',
    },
    fr: {
      what: 'L’affaire a été supprimée ou fusionnée dans le CRM avant l’écriture de ses valeurs',
      todo: 'Rien : la prochaine lecture la retire de la prévision',
    },
  },
  VALUE_REFUSED: {
    whoMustAct: 'admin',
    en: {
      what: 'The CRM refuses a value for this deal',
      todo: 'Check in the CRM the type, the options and the validation rules of the jalon_ properties',
    },
    fr: {
      what: 'Le CRM refuse une valeur pour cette affaire',
      todo: 'Vérifiez dans le CRM le type, les options et les règles de validation des propriétés jalon_',
    },
  },
  PROPERTY_MISSING: {
    whoMustAct: 'admin',
    en: {
      what: 'The property to be written no longer exists in the CRM',
      todo: 'Restore it in the CRM’s settings; the other properties are written all the same',
    },
    fr: {
      what: 'La propriété à écrire n’existe plus dans le CRM',
      todo: 'Restaurez-la dans les paramètres du CRM ; les autres propriétés sont écrites quand même',
    },
  },
  PROPERTY_READ_ONLY: {
    whoMustAct: 'admin',
    en: {
      what: 'The property to be written is read-only in the CRM',
      todo: 'Make it editable; the other properties are written all the same',
    },
    fr: {
      what: 'La propriété à écrire est en lecture seule dans le CRM',
      todo: 'Rendez-la modifiable ; les autres propriétés sont écrites quand même',
    },
  },
  RULE_OF_ACCOUNT: {
    whoMustAct: 'admin',
    en: {
      what: 'A rule of the CRM account forbids the change (required field, permission, plan)',
      todo: 'Fill in the required field of the deal, or exempt the app from the rule',
    },
    fr: {
      what: 'Une règle du compte CRM interdit la modification (champ obligatoire, droit, forfait)',
      todo: 'Renseignez le champ obligatoire de l’affaire, ou dispensez l’application de la règle',
    },
  },
  OTHER: {
    whoMustAct: 'developer',
    en: {
      what: 'The CRM refused to write a deal for a reason that Jalon does not know',
      todo: 'Report it with the id of the deal; its neighbours are written',
    },
    fr: {
      what: 'Le CRM a refusé d’écrire une affaire pour une raison que Jalon ne connaît pas',
      todo: 'Signalez-le avec l’identifiant de l’affaire ; ses voisines sont écrites',
    },
  },
};

export const PROPERTY_PROBLEMS: ErrorTable<`property.${PropertyProblem}`> = {
  'property.wrong_type': {
    whoMustAct: 'admin',
    en: {
      what: 'A property of this name exists with another type; it is left alone, the others are written',
      todo: 'Rename or delete that property in the CRM: the next run creates ours',
    },
    fr: {
      what: 'Une propriété de ce nom existe avec un autre type ; elle est laissée telle quelle, les autres sont écrites',
      todo: 'Renommez ou supprimez-la dans le CRM : le prochain passage crée la nôtre',
    },
  },
  'property.archived': {
    whoMustAct: 'admin',
    en: {
      what: 'The property was archived in the CRM; it is not created again behind anybody’s back, the others are written',
      todo: 'Restore it in the CRM’s settings if its values are wanted',
    },
    fr: {
      what: 'La propriété a été archivée dans le CRM ; elle n’est pas recréée dans le dos de quiconque, les autres sont écrites',
      todo: 'Restaurez-la dans les paramètres du CRM si ses valeurs sont voulues',
    },
  },
  'property.read_only': {
    whoMustAct: 'admin',
    en: {
      what: 'The property is read-only or calculated in the CRM; the others are written',
      todo: 'Make it editable in the CRM’s settings',
    },
    fr: {
      what: 'La propriété est en lecture seule ou calculée dans le CRM ; les autres sont écrites',
      todo: 'Rendez-la modifiable dans les paramètres du CRM',
    },
  },
  'property.not_permitted': {
    whoMustAct: 'admin',
    en: {
      what: 'The token may not create this property; the others are written',
      todo: 'Give the app the right to write deal properties (crm.schemas.deals.write at HubSpot, deal fields at Pipedrive)',
    },
    fr: {
      what: 'Le jeton n’a pas le droit de créer cette propriété ; les autres sont écrites',
      todo: 'Donnez à l’application le droit d’écrire les propriétés d’affaire (crm.schemas.deals.write chez HubSpot, les champs d’affaire chez Pipedrive)',
    },
  },
  'property.missing': {
    whoMustAct: 'admin',
    en: {
      what: 'The property does not exist in the CRM and could not be created; the others are written',
      todo: 'Check how many custom properties the plan allows, then repeat',
    },
    fr: {
      what: 'La propriété n’existe pas dans le CRM et n’a pas pu être créée ; les autres sont écrites',
      todo: 'Vérifiez combien de propriétés personnalisées le forfait permet, puis recommencez',
    },
  },
};

/** Without webhooks the hourly reading finds everything, later. */
export const WEBHOOK_ERRORS = {
  WEBHOOK_REFUSED: {
    whoMustAct: 'operator',
    en: {
      what: 'The CRM takes no webhook for this address: changes are seen by the hourly reading only',
      todo: 'Set PUBLIC_URL to an https address that the CRM reaches without a redirect, and remove webhooks that nobody needs (Pipedrive allows 40)',
    },
    fr: {
      what: 'Le CRM n’accepte pas de webhook pour cette adresse : les changements ne sont vus que par la lecture horaire',
      todo: 'Donnez à PUBLIC_URL une adresse https que le CRM atteint sans redirection, et supprimez les webhooks inutiles (Pipedrive en permet 40)',
    },
  },
  WEBHOOK_NOT_PERMITTED: {
    whoMustAct: 'admin',
    en: {
      what: 'The token may not register webhooks: changes are seen by the hourly reading only',
      todo: 'Give the app the scope admin, or use the token of an admin',
    },
    fr: {
      what: 'Le jeton ne permet pas d’enregistrer des webhooks : les changements ne sont vus que par la lecture horaire',
      todo: 'Donnez à l’application le droit admin, ou utilisez le jeton d’un administrateur',
    },
  },
} as const satisfies ErrorTable;
