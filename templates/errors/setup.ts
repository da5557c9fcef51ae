/** Configuration, company file, command line, event log: what stands between a person and the first run. */
import type { ErrorTable } from './types.ts';

export const SETUP_ERRORS = {
  CONFIG_INVALID: {
    whoMustAct: 'operator',
    en: {
      what: 'A variable of the configuration is missing, wrong, or contradicts another',
      todo: 'The line names the variable, what was found and what is expected; correct each one and start again',
    },
    fr: {
      what: 'Une variable de configuration manque, est fausse ou en contredit une autre',
      todo: 'La ligne nomme la variable, ce qui a été trouvé et ce qui est attendu ; corrigez chacune et relancez',
    },
  },
  TOKEN_MISSING: {
    whoMustAct: 'operator',
    en: {
      what: 'No access token is configured for this CRM',
      todo: 'Set HUBSPOT_ACCESS_TOKEN (a private app) or PIPEDRIVE_API_TOKEN (a user), or the same name with _FILE',
    },
    fr: {
      what: 'Aucun jeton d’accès n’est configuré pour ce CRM',
      todo: 'Définissez HUBSPOT_ACCESS_TOKEN (une application privée) ou PIPEDRIVE_API_TOKEN (un utilisateur), ou le même nom suivi de _FILE',
    },
  },
  COMMAND_INVALID: {
    whoMustAct: 'operator',
    en: {
      what: 'The command line is not one that Jalon knows',
      todo: 'Run jalon --help, or jalon <command> --help, and correct it',
    },
    fr: {
      what: 'La ligne de commande n’est pas connue de Jalon',
      todo: 'Lancez jalon --help, ou jalon <commande> --help, et corrigez-la',
    },
  },
  PORT_UNUSABLE: {
    whoMustAct: 'operator',
    en: {
      what: 'The pages cannot be served at this address: the port is taken, or the address is not this machine’s',
      todo: 'Stop the program that uses the port, or choose another PORT or HOST',
    },
    fr: {
      what: 'Les pages ne peuvent pas être servies à cette adresse : le port est pris, ou l’adresse n’est pas celle de cette machine',
      todo: 'Arrêtez le programme qui occupe le port, ou choisissez un autre PORT ou HOST',
    },
  },
  FILE_UNUSABLE: {
    whoMustAct: 'operator',
    en: {
      what: 'A file or folder cannot be read or written',
      todo: 'Check that the path exists, that this user may use it, and that the disk is not full',
    },
    fr: {
      what: 'Un fichier ou un dossier ne peut être ni lu ni écrit',
      todo: 'Vérifiez que le chemin existe, que cet utilisateur y a droit et que le disque n’est pas plein',
    },
  },
  COMPANY_FILE_MISSING: {
    whoMustAct: 'admin',
    en: {
      what: 'The company file cannot be read',
      todo: 'Write it (docs/company-file.md), or name another in JALON_COMPANY_FILE',
    },
    fr: {
      what: 'Le fichier entreprise est illisible',
      todo: 'Écrivez-le (docs/company-file.md), ou désignez-en un autre dans JALON_COMPANY_FILE',
    },
  },
  COMPANY_FILE_SYNTAX: {
    whoMustAct: 'admin',
    en: {
      what: 'The company file is not valid YAML at this line and column',
      todo: 'Correct the indentation, the quotes or the brackets there',
    },
    fr: {
      what: 'Le fichier entreprise n’est pas du YAML valide à cette ligne et cette colonne',
      todo: 'Corrigez-y l’indentation, les guillemets ou les crochets',
    },
  },
  COMPANY_FILE_VALUE: {
    whoMustAct: 'admin',
    en: {
      what: 'A value of the company file is missing, unknown or of the wrong kind',
      todo: 'The line names its place and what is expected; docs/company-file.md shows every field',
    },
    fr: {
      what: 'Une valeur du fichier entreprise manque, est inconnue ou n’est pas du bon type',
      todo: 'La ligne nomme l’endroit et ce qui est attendu ; docs/company-file.md montre chaque champ',
    },
  },
  COMPANY_FILE_MODEL: {
    whoMustAct: 'admin',
    en: {
      what: 'The milestones of the company file break a law of the method',
      todo: 'The line names the law (MODEL_*) and the milestone; correct it there',
    },
    fr: {
      what: 'Les jalons du fichier entreprise enfreignent une loi de la méthode',
      todo: 'La ligne nomme la loi (MODEL_*) et le jalon ; corrigez-y',
    },
  },
  LOG_UNREADABLE: {
    whoMustAct: 'operator',
    en: {
      what: 'The folder given with --log holds no event log that can be read',
      todo: 'Put deals.csv, stages.csv and mapping.yaml there as docs/event-log.md describes them',
    },
    fr: {
      what: 'Le dossier donné par --log ne contient pas de journal d’événements lisible',
      todo: 'Placez-y deals.csv, stages.csv et mapping.yaml comme le décrit docs/event-log.md',
    },
  },
  NO_DATE: {
    whoMustAct: 'operator',
    en: {
      what: 'A row of the event log has no date, so it has no place in time',
      todo: 'Fill in the date; until then the row is counted and left out',
    },
    fr: {
      what: 'Une ligne du journal d’événements n’a pas de date, donc pas de place dans le temps',
      todo: 'Renseignez la date ; d’ici là la ligne est comptée et laissée de côté',
    },
  },
  DEAL_UNKNOWN: {
    whoMustAct: 'operator',
    en: {
      what: 'A row of the event log belongs to a deal that deals.csv does not list',
      todo: 'Add the deal to deals.csv; until then the row is counted and left out',
    },
    fr: {
      what: 'Une ligne du journal d’événements se rapporte à une affaire absente de deals.csv',
      todo: 'Ajoutez l’affaire à deals.csv ; d’ici là la ligne est comptée et laissée de côté',
    },
  },
} as const satisfies ErrorTable;
