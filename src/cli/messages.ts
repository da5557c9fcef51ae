/** Every text that a terminal shows, in both languages. Placeholders are {named}; the type makes a missing language a compile error. */

const messages = {
  'demo.starting': {
    en: 'Starting a local {crm}, a mail sink and an embedded database…',
    fr: 'Démarrage d’un {crm} local, d’une boîte mail et d’une base embarquée…',
  },
  'demo.source.company': { en: 'a seeded company', fr: 'une entreprise simulée' },
  'demo.source.log': { en: 'the event log {log}', fr: 'le journal d’événements {log}' },
  'demo.title': {
    en: 'Jalon, the Monday run on {source}, as of {date}',
    fr: 'Jalon, le passage du lundi sur {source}, au {date}',
  },
  'demo.deals': { en: 'Deals read', fr: 'Affaires lues' },
  'demo.deals.value': {
    en: '{deals} ({open} open, {won} won, {lost} lost, {unmapped} unmapped), {entries} stage events',
    fr: '{deals} ({open} ouvertes, {won} gagnées, {lost} perdues, {unmapped} sans jalon), {entries} passages d’étape',
  },
  'demo.calls': { en: 'Calls to the CRM', fr: 'Appels au CRM' },
  'demo.rejections': { en: 'Records rejected', fr: 'Enregistrements rejetés' },
  'demo.excluded': { en: 'Deals in no total', fr: 'Affaires hors total' },
  'demo.gross': { en: 'Gross, open deals', fr: 'Brut, affaires ouvertes' },
  'demo.net': { en: 'Net (proven)', fr: 'Net (prouvé)' },
  'demo.unproven': { en: 'Unproven', fr: 'Non prouvé' },
  'demo.forecast': { en: 'Forecast {period}', fr: 'Prévision {period}' },
  'demo.forecast.value': {
    en: '{forecast} = {won} won + {expected} expected; target {target}, gap {gap}',
    fr: '{forecast} = {won} signés + {expected} attendus ; objectif {target}, écart {gap}',
  },
  'demo.range': { en: 'Range P10-P90', fr: 'Fourchette P10-P90' },
  'demo.range.value': {
    en: '{p10} to {p90}, chance of the target {chance}',
    fr: '{p10} à {p90}, chance d’atteindre l’objectif {chance}',
  },
  'demo.written': { en: 'Properties written', fr: 'Propriétés écrites' },
  'demo.written.value': {
    en: '{values} values on {deals} deals, {refused} refused',
    fr: '{values} valeurs sur {deals} affaires, {refused} refusées',
  },
  'demo.mails': { en: 'Mails sent', fr: 'Mails envoyés' },
  'demo.seconds': { en: 'Time to the digest', fr: 'Temps jusqu’à la synthèse' },
  'demo.seconds.value': {
    en: '{seconds} s, peak memory {memory} MB (empty embedded database: {floor} MB)',
    fr: '{seconds} s, mémoire maximale {memory} Mo (base embarquée vide : {floor} Mo)',
  },
  'demo.again': { en: 'Run again, nothing changed', fr: 'Second passage, rien n’a changé' },
  'demo.again.value': {
    en: '{calls} calls, {writes} writes, {mails} mails',
    fr: '{calls} appels, {writes} écritures, {mails} mails',
  },
  'demo.limits': { en: 'Rate limits, peak use', fr: 'Limites de débit, pic' },
  'demo.limits.value': { en: '{shares}; {limited} calls refused', fr: '{shares} ; {limited} appels refusés' },
  'demo.waiting': { en: 'Waiting', fr: 'Attente' },
  'demo.waiting.value': {
    en: 'simulated: the local CRM counts its limit of calls per second {speed} times as fast; at Pipedrive’s pace these calls take {seconds} s at least',
    fr: 'simulée : le CRM local compte sa limite d’appels par seconde {speed} fois plus vite ; à l’allure de Pipedrive, ces appels prennent au moins {seconds} s',
  },
  'demo.look': { en: 'Where to look', fr: 'Où regarder' },
  'demo.page': { en: 'Page', fr: 'Page' },
  'demo.eml': { en: 'Digests (.eml)', fr: 'Synthèses (.eml)' },
  'demo.journal': { en: 'Journal of the CRM', fr: 'Journal du CRM' },
  'demo.stay': {
    en: 'The demo stays up; stop it with Ctrl+C.',
    fr: 'La démo reste ouverte ; arrêtez-la avec Ctrl+C.',
  },
  'progress.pull': {
    en: 'reading the CRM: {done} records{of}',
    fr: 'lecture du CRM : {done} enregistrements{of}',
  },
  'progress.snapshot': {
    en: 'computing the forecast of {done} deals',
    fr: 'calcul de la prévision de {done} affaires',
  },
  'progress.backtest': {
    en: 'replaying the past of {done} deals',
    fr: 'rejeu du passé de {done} affaires',
  },
  'progress.write_back': { en: 'writing back: {done} deals{of}', fr: 'écriture : {done} affaires{of}' },
  'progress.digest_send': { en: 'sending digests: {done}', fr: 'envoi des synthèses : {done}' },
  'progress.of': { en: ' of {expected}', fr: ' sur {expected}' },
  'serve.listening': { en: 'Jalon listens on {url}', fr: 'Jalon écoute sur {url}' },
  'serve.evaluation': {
    en: 'Evaluation mode: embedded database in {dir}. Set DATABASE_URL for real use.',
    fr: 'Mode évaluation : base embarquée dans {dir}. Définissez DATABASE_URL pour un usage réel.',
  },
  'serve.no_company': {
    en: 'No company file at {path}: nothing is read until there is one (JALON_COMPANY_FILE).',
    fr: 'Pas de fichier entreprise à {path} : rien n’est lu tant qu’il manque (JALON_COMPANY_FILE).',
  },
  'migrate.done': {
    en: 'The database is at schema version {version}.',
    fr: 'La base est à la version de schéma {version}.',
  },
  'pull.done': {
    en: '{deals} deals present, {hidden} gone, {rejections} rejected, {calls} calls',
    fr: '{deals} affaires présentes, {hidden} disparues, {rejections} rejetées, {calls} appels',
  },
  'disconnect.done': {
    en: '{crm} is disconnected: {webhooks} webhooks taken back, nothing is read or written; jalon connect goes on',
    fr: '{crm} est déconnecté : {webhooks} webhooks retirés, plus rien n’est lu ni écrit ; jalon connect reprend',
  },
  'connect.done': {
    en: '{crm} is connected again: jalon pull reads what happened meanwhile',
    fr: '{crm} est reconnecté : jalon pull lit ce qui s’est passé entre-temps',
  },
  'snapshot.done': {
    en: 'Snapshot {id} of {date}: {deals} deals',
    fr: 'Photo {id} du {date} : {deals} affaires',
  },
  'forecast.deal': { en: 'Deal', fr: 'Affaire' },
  'forecast.milestone': { en: 'Verified', fr: 'Vérifié' },
  'forecast.net': { en: 'Net', fr: 'Net' },
  'forecast.odds': { en: 'Odds', fr: 'Chances' },
  'forecast.expected': { en: 'Expected', fr: 'Attendu' },
  'plan.nothing': {
    en: 'Nothing to write: the CRM already holds every value.',
    fr: 'Rien à écrire : le CRM a déjà chaque valeur.',
  },
  'plan.summary': {
    en: '{deals} deals would change, {values} values. Open pipeline: gross {gross}, net {net}.',
    fr: '{deals} affaires changeraient, {values} valeurs. Affaires ouvertes : brut {gross}, net {net}.',
  },
  'plan.before': { en: 'Net now', fr: 'Net actuel' },
  'plan.after': { en: 'Net after', fr: 'Net après' },
  'plan.apply': {
    en: 'Nothing was written. To write: jalon write-back apply --yes',
    fr: 'Rien n’a été écrit. Pour écrire : jalon write-back apply --yes',
  },
  'apply.done': {
    en: '{values} values written on {deals} deals, {refused} refused.',
    fr: '{values} valeurs écrites sur {deals} affaires, {refused} refusées.',
  },
  'digest.sent': { en: '{manager} {week}: {state}', fr: '{manager} {week} : {state}' },
  'digest.state.planned': { en: 'waiting', fr: 'en attente' },
  'digest.state.claimed': { en: 'being sent', fr: 'en cours d’envoi' },
  'digest.state.handing_over': { en: 'being sent', fr: 'en cours d’envoi' },
  'digest.state.sent': { en: 'sent', fr: 'envoyée' },
  'digest.state.uncertain': { en: 'uncertain', fr: 'incertaine' },
  'digest.state.failed': { en: 'refused', fr: 'refusée' },
  'digest.state.skipped': { en: 'not sent', fr: 'non envoyée' },
  'digest.state.none': { en: 'due', fr: 'prévue' },
  'digest.state.missing': { en: 'MISSING', fr: 'MANQUANTE' },
  'digest.late': { en: '(late)', fr: '(en retard)' },
  'digest.chosen': {
    en: 'chosen by the manager on {at}',
    fr: 'choisi par le manager le {at}',
  },
  'digest.missing': {
    en: '{count} of this week’s digests neither sent nor explained after nine o’clock.',
    fr: '{count} synthèse(s) de la semaine ni envoyée(s) ni expliquée(s) après neuf heures.',
  },
  'again.confirm': {
    en: '{week} is {state}: a second mail goes out only with --yes.',
    fr: '{week} : {state}. Un second mail ne part qu’avec --yes.',
  },
  'again.busy': {
    en: '{week} is {state} at this moment: look again in a minute.',
    fr: '{week} : {state} en ce moment. Regardez dans une minute.',
  },
  'again.unwanted': {
    en: '{week} is {state}: the manager has turned the digest off or paused it, and that holds.',
    fr: '{week} : {state}. Le manager a désactivé la synthèse ou l’a mise en pause, et ce choix tient.',
  },
  'again.changed': {
    en: '{week} was {state} and has just changed: somebody else asked too. Look at "jalon digest status".',
    fr: '{week} : {state} vient de changer, quelqu’un d’autre l’a demandé aussi. Voyez « jalon digest status ».',
  },
  'digest.saved': { en: 'Saved {path}', fr: 'Enregistré : {path}' },
  'unknown.teams': {
    en: 'Teams that the CRM does not know: {names}',
    fr: 'Équipes inconnues du CRM : {names}',
  },
  'unknown.owners': {
    en: 'Owners that the CRM does not know: {names}',
    fr: 'Commerciaux inconnus du CRM : {names}',
  },
  'unknown.stages': {
    en: 'Stages that the CRM does not know: {names}',
    fr: 'Étapes inconnues du CRM : {names}',
  },
  'unfinished.until': {
    en: '{kind} waits until {due}, then goes on by itself while "jalon serve" runs.',
    fr: '{kind} attend jusqu’à {due}, puis reprend de lui-même si « jalon serve » tourne.',
  },
  'work.none': { en: 'No work waits and none is parked.', fr: 'Aucun travail en attente ni mis de côté.' },
  'work.parked': {
    en: '{count} parked until somebody acts; "jalon work again --id <id>" tries again.',
    fr: '{count} mis de côté jusqu’à ce que quelqu’un agisse ; « jalon work again --id <id> » réessaie.',
  },
  'work.again': {
    en: '{count} due again: goes on within half a minute while "jalon serve" runs.',
    fr: '{count} à refaire : reprise sous trente secondes si « jalon serve » tourne.',
  },
  'work.tries': { en: '{attempts} tries', fr: '{attempts} essai(s)' },
  'work.state.pending': { en: 'waiting', fr: 'en attente' },
  'work.state.claimed': { en: 'at work', fr: 'en cours' },
  'work.state.done': { en: 'done', fr: 'fait' },
  'work.state.parked': { en: 'PARKED', fr: 'MIS DE CÔTÉ' },
  'unfinished.parked': {
    en: '{kind} is parked until somebody acts.',
    fr: '{kind} est mis de côté jusqu’à ce que quelqu’un agisse.',
  },
  'sandbox.listening': {
    en: 'A local {crm} listens on {url}, token {token}',
    fr: 'Un {crm} local écoute sur {url}, jeton {token}',
  },
  'sandbox.company': { en: 'Its company file: {path}', fr: 'Son fichier entreprise : {path}' },
  'error.weeks': {
    en: '"{found}" is not a number of weeks: write a whole number from 1 to {most}.',
    fr: '« {found} » n’est pas un nombre de semaines : écrivez un nombre entier de 1 à {most}.',
  },
  'error.port': {
    en: '"{found}" is no port; expected a whole number from 0 to 65535.',
    fr: '« {found} » n’est pas un port ; attendu un nombre entier de 0 à 65535.',
  },
  'error.found': { en: 'found {found}', fr: 'trouvé {found}' },
  'error.date': {
    en: '"{found}" is no date; expected YYYY-MM-DD.',
    fr: '« {found} » n’est pas une date ; attendu AAAA-MM-JJ.',
  },
  'exit.codes': {
    en: 'Exit codes: 0 done, 1 failed, 2 wrong usage or configuration, 3 partly done, 4 the CRM asks for authorisation, 5 rate-limited, retry later',
    fr: 'Codes de sortie : 0 fait, 1 échec, 2 usage ou configuration incorrects, 3 fait en partie, 4 autorisation demandée par le CRM, 5 débit limité, réessayer plus tard',
  },
} as const satisfies Readonly<Record<string, { readonly en: string; readonly fr: string }>>;

export type MessageKey = keyof typeof messages;

/** The text in the wanted language; a placeholder without a value is a bug of the caller. */
export function say(
  locale: 'fr' | 'en',
  key: MessageKey,
  values: Readonly<Record<string, string | number>> = {},
): string {
  return messages[key][locale].replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`message ${key} needs {${name}}`);
    return String(value);
  });
}
