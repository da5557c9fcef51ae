/** Why a digest was not sent, or may not have been; and why a week has none on purpose. */
import type { ErrorTable } from './types.ts';

export const MAIL_ERRORS = {
  MAIL_ADDRESS_INVALID: {
    whoMustAct: 'admin',
    en: {
      what: 'The address of the sender or of the manager is no mail address',
      todo: 'Correct it in JALON_MAIL_FROM or in the company file',
    },
    fr: {
      what: 'L’adresse de l’expéditeur ou du manager n’est pas une adresse mail',
      todo: 'Corrigez-la dans JALON_MAIL_FROM ou dans le fichier entreprise',
    },
  },
  MAIL_HEADER_INVALID: {
    whoMustAct: 'developer',
    en: {
      what: 'A header of the mail is not one line of plain text',
      todo: 'Report it with the digest’s id; the mail was not sent',
    },
    fr: {
      what: 'Un en-tête du mail n’est pas une ligne de texte simple',
      todo: 'Signalez-le avec l’identifiant de la synthèse ; le mail n’est pas parti',
    },
  },
  MAILER_CLOSED: {
    whoMustAct: 'nobody',
    en: {
      what: 'The service was stopping when the mail was to be sent',
      todo: 'Nothing: it is sent after the next start',
    },
    fr: {
      what: 'Le service s’arrêtait au moment d’envoyer le mail',
      todo: 'Rien : il part au prochain démarrage',
    },
  },
  HAND_OVER_INTERRUPTED: {
    whoMustAct: 'operator',
    en: {
      what: 'The process ended while the mail server was taking the mail: it may or may not have arrived',
      todo: 'Ask the manager or look into the mail server’s log; Jalon does not send it a second time by itself',
    },
    fr: {
      what: 'Le processus s’est arrêté pendant que le serveur prenait le mail : il est peut-être arrivé, peut-être pas',
      todo: 'Demandez au manager ou regardez le journal du serveur de mail ; Jalon ne le renvoie pas de lui-même',
    },
  },
  DIGEST_HELD: {
    whoMustAct: 'nobody',
    en: {
      what: 'Another worker holds this digest',
      todo: 'Nothing: it is looked at again when that worker’s time has run out',
    },
    fr: {
      what: 'Un autre processus tient cette synthèse',
      todo: 'Rien : elle est reprise quand son délai est passé',
    },
  },
  MAIL_ADMIN_MISSING: {
    whoMustAct: 'operator',
    en: {
      what: 'Nobody is named whom Jalon may write to',
      todo: 'Set ALERT_EMAIL, or `admin` in the company file',
    },
    fr: {
      what: 'Personne n’est désigné à qui Jalon puisse écrire',
      todo: 'Définissez ALERT_EMAIL, ou `admin` dans le fichier entreprise',
    },
  },
  DIGEST_MONITOR_SILENT: {
    whoMustAct: 'operator',
    en: {
      what: 'The monitor at HEARTBEAT_URL did not take the word that the Monday went well',
      todo: 'Check the address; the word is given again within the quarter of an hour',
    },
    fr: {
      what: 'Le moniteur à HEARTBEAT_URL n’a pas pris l’annonce que le lundi s’est bien passé',
      todo: 'Vérifiez l’adresse ; l’annonce est répétée dans le quart d’heure',
    },
  },
  SMTP_NOT_CONFIGURED: {
    whoMustAct: 'operator',
    en: {
      what: 'No mail server is configured; the digest waits in the ledger',
      todo: 'Set SMTP_URL (smtp://user:password@host:587) and JALON_MAIL_FROM',
    },
    fr: {
      what: 'Aucun serveur de mail n’est configuré ; la synthèse attend dans le registre',
      todo: 'Définissez SMTP_URL (smtp://utilisateur:mot-de-passe@hote:587) et JALON_MAIL_FROM',
    },
  },
  SMTP_URL_INVALID: {
    whoMustAct: 'operator',
    en: {
      what: 'SMTP_URL is no address of a mail server',
      todo: 'Write it like smtp://user:password@host:587',
    },
    fr: {
      what: 'SMTP_URL n’est pas l’adresse d’un serveur de mail',
      todo: 'Écrivez-la comme smtp://utilisateur:mot-de-passe@hote:587',
    },
  },
  SMTP_AUTH: {
    whoMustAct: 'operator',
    en: {
      what: 'The mail server refuses the login, or asks for one',
      todo: 'Correct user and password in SMTP_URL',
    },
    fr: {
      what: 'Le serveur de mail refuse le compte, ou en demande un',
      todo: 'Corrigez le compte et le mot de passe dans SMTP_URL',
    },
  },
  SMTP_TLS: {
    whoMustAct: 'operator',
    en: {
      what: 'The mail server offers no encryption that works, and a password is not sent in clear',
      todo: 'Use smtps:// or a server with STARTTLS and a valid certificate',
    },
    fr: {
      what: 'Le serveur de mail n’offre pas de chiffrement qui fonctionne, et un mot de passe ne part pas en clair',
      todo: 'Utilisez smtps:// ou un serveur avec STARTTLS et un certificat valide',
    },
  },
  SMTP_TIMEOUT: {
    whoMustAct: 'operator',
    en: {
      what: 'The mail server did not answer in time',
      todo: 'Nothing if it passes: the mail is tried again; otherwise check SMTP_URL and the firewall',
    },
    fr: {
      what: 'Le serveur de mail n’a pas répondu à temps',
      todo: 'Rien si cela passe : le mail est retenté ; sinon vérifiez SMTP_URL et le pare-feu',
    },
  },
  SMTP_UNREACHABLE: {
    whoMustAct: 'operator',
    en: {
      what: 'The mail server cannot be reached',
      todo: 'Check host and port in SMTP_URL, and that the server runs; the mail is tried again',
    },
    fr: {
      what: 'Le serveur de mail est injoignable',
      todo: 'Vérifiez l’hôte et le port dans SMTP_URL, et que le serveur fonctionne ; le mail est retenté',
    },
  },
  SMTP_BROKEN_OFF: {
    whoMustAct: 'operator',
    en: {
      what: 'The mail server broke the conversation off',
      todo: 'Nothing if the digest waits: it is tried again; if it is uncertain, ask the manager, because Jalon does not send it twice',
    },
    fr: {
      what: 'Le serveur de mail a coupé la conversation',
      todo: 'Rien si la synthèse attend : elle est retentée ; si elle est incertaine, demandez au manager, car Jalon ne l’envoie pas deux fois',
    },
  },
  SMTP_NOT_ACCEPTED: {
    whoMustAct: 'operator',
    en: {
      what: 'The mail server refused the conversation before it saw the mail',
      todo: 'Ask its administrator whether this machine may send through it',
    },
    fr: {
      what: 'Le serveur de mail a refusé la conversation avant de voir le mail',
      todo: 'Demandez à son administrateur si cette machine peut envoyer par lui',
    },
  },
  SMTP_TRY_LATER: {
    whoMustAct: 'nobody',
    en: { what: 'The mail server asks to come back later', todo: 'Nothing: the mail is tried again' },
    fr: { what: 'Le serveur de mail demande de revenir plus tard', todo: 'Rien : le mail est retenté' },
  },
  SMTP_SENDER_REFUSED: {
    whoMustAct: 'operator',
    en: {
      what: 'The mail server refuses the sender for good',
      todo: 'Set JALON_MAIL_FROM to an address that it may send for',
    },
    fr: {
      what: 'Le serveur de mail refuse définitivement l’expéditeur',
      todo: 'Donnez dans JALON_MAIL_FROM une adresse pour laquelle il peut envoyer',
    },
  },
  SMTP_RECIPIENT_REFUSED: {
    whoMustAct: 'admin',
    en: {
      what: 'The mail server refuses the manager’s address for good',
      todo: 'Correct the address in the company file; this week’s digest can be read on the page',
    },
    fr: {
      what: 'Le serveur de mail refuse définitivement l’adresse du manager',
      todo: 'Corrigez l’adresse dans le fichier entreprise ; la synthèse de la semaine se lit sur la page',
    },
  },
  SMTP_MESSAGE_REFUSED: {
    whoMustAct: 'operator',
    en: {
      what: 'The mail server refuses the mail for good',
      todo: 'Look into its log (spam filter, SPF, DKIM); this week’s digest can be read on the page',
    },
    fr: {
      what: 'Le serveur de mail refuse définitivement le mail',
      todo: 'Regardez son journal (filtre anti-spam, SPF, DKIM) ; la synthèse de la semaine se lit sur la page',
    },
  },
} as const satisfies ErrorTable;

/** Reasons of a week without a mail (jobs/digest/digest-plan.ts, jobs/schedule.ts). */
export const SKIP_REASONS = {
  'skip.digest_off': {
    whoMustAct: 'nobody',
    en: {
      what: 'The manager has no digest: turned off, or no longer a manager',
      todo: 'Nothing; the link at the foot of any digest turns it on again',
    },
    fr: {
      what: 'Le manager n’a pas de synthèse : désactivée, ou il n’est plus manager',
      todo: 'Rien ; le lien en bas de toute synthèse la réactive',
    },
  },
  'skip.paused': {
    whoMustAct: 'nobody',
    en: { what: 'The manager paused the digest', todo: 'Nothing; it comes again when the pause is over' },
    fr: { what: 'Le manager a mis la synthèse en pause', todo: 'Rien ; elle revient à la fin de la pause' },
  },
  'skip.nothing_to_tell': {
    whoMustAct: 'admin',
    en: {
      what: 'The manager’s teams have no open and no signed deal',
      todo: 'Check teams and owners of this manager in the company file',
    },
    fr: {
      what: 'Les équipes du manager n’ont aucune affaire ouverte ni signée',
      todo: 'Vérifiez les équipes et les commerciaux de ce manager dans le fichier entreprise',
    },
  },
  'skip.connection_paused': {
    whoMustAct: 'admin',
    en: {
      what: 'The connection to the CRM is paused, so this week has no forecast',
      todo: 'Resume the connection before next Monday',
    },
    fr: {
      what: 'La connexion au CRM est en pause, cette semaine n’a donc pas de prévision',
      todo: 'Reprenez la connexion avant lundi prochain',
    },
  },
  'skip.late': {
    whoMustAct: 'operator',
    en: {
      what: 'The digest could not be sent within 36 hours of Monday 08:00; older news is no news',
      todo: 'Find out why the service did not run; the week can be read on the page',
    },
    fr: {
      what: 'La synthèse n’a pas pu partir dans les 36 heures après lundi 08:00 ; des nouvelles plus vieilles n’en sont plus',
      todo: 'Cherchez pourquoi le service ne tournait pas ; la semaine se lit sur la page',
    },
  },
} as const satisfies ErrorTable;
