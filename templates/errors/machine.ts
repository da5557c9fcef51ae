/** Database and queue. */
import type { QueueErrorCode } from '../../src/ports/queue.ts';
import type { StoreErrorCode } from '../../src/ports/store-error.ts';
import type { ErrorTable } from './types.ts';

export const STORE_ERRORS: ErrorTable<StoreErrorCode> = {
  STORE_LOCKED: {
    whoMustAct: 'operator',
    en: {
      what: 'Another process uses this data directory, and the embedded database serves one at a time',
      todo: 'Stop that process first, choose another JALON_DATA_DIR, or share a Postgres server through DATABASE_URL',
    },
    fr: {
      what: 'Un autre processus utilise ce répertoire de données, et la base embarquée n’en sert qu’un à la fois',
      todo: 'Arrêtez d’abord ce processus, choisissez un autre JALON_DATA_DIR, ou partagez un serveur Postgres par DATABASE_URL',
    },
  },
  STORE_DIR_UNWRITABLE: {
    whoMustAct: 'operator',
    en: {
      what: 'The data directory cannot be written',
      todo: 'Give this user the right to write there, or choose another JALON_DATA_DIR',
    },
    fr: {
      what: 'Le répertoire de données n’est pas accessible en écriture',
      todo: 'Donnez à cet utilisateur le droit d’y écrire, ou choisissez un autre JALON_DATA_DIR',
    },
  },
  STORE_DISK_FULL: {
    whoMustAct: 'operator',
    en: {
      what: 'The disk of the database is full; nothing of the last step was written',
      todo: 'Free some space (200 MB are enough to start); the work then goes on by itself',
    },
    fr: {
      what: 'Le disque de la base est plein ; rien de la dernière étape n’a été écrit',
      todo: 'Libérez de la place (200 Mo suffisent pour démarrer) ; le travail reprend alors de lui-même',
    },
  },
  STORE_UNREACHABLE: {
    whoMustAct: 'operator',
    en: {
      what: 'The database cannot be reached or refuses the login',
      todo: 'Check that it runs, the address in DATABASE_URL, the login and the password; what waits is done afterwards',
    },
    fr: {
      what: 'La base est injoignable ou refuse la connexion',
      todo: 'Vérifiez qu’elle fonctionne, l’adresse dans DATABASE_URL, le compte et le mot de passe ; ce qui attend sera fait ensuite',
    },
  },
  STORE_BUSY: {
    whoMustAct: 'operator',
    en: {
      what: 'No connection to the database became free in time',
      todo: 'Try again; if it stays so, allow more connections on the server or run fewer workers',
    },
    fr: {
      what: 'Aucune connexion à la base ne s’est libérée à temps',
      todo: 'Réessayez ; si cela dure, autorisez plus de connexions sur le serveur ou lancez moins de processus',
    },
  },
  STORE_TOO_OLD: {
    whoMustAct: 'operator',
    en: {
      what: 'The Postgres server is older than version 15',
      todo: 'Upgrade it, or name another in DATABASE_URL',
    },
    fr: {
      what: 'Le serveur Postgres est antérieur à la version 15',
      todo: 'Mettez-le à jour, ou désignez-en un autre dans DATABASE_URL',
    },
  },
  STORE_MIGRATION_FAILED: {
    whoMustAct: 'operator',
    en: {
      what: 'The schema of the database could not be brought to this version; nothing of the failed step was kept',
      todo: 'Run the version of Jalon that fits the schema, grant the login the rights that the detail names, or restore a backup',
    },
    fr: {
      what: 'Le schéma de la base n’a pas pu être mis à cette version ; rien de l’étape manquée n’a été gardé',
      todo: 'Lancez la version de Jalon qui convient au schéma, accordez au compte les droits que nomme le détail, ou restaurez une sauvegarde',
    },
  },
};

export const QUEUE_ERRORS: ErrorTable<QueueErrorCode> = {
  QUEUE_UNREACHABLE: {
    whoMustAct: 'operator',
    en: {
      what: 'The queue does not answer; no work is lost, it waits in the database',
      todo: 'Check that the Redis of REDIS_URL (or Postgres, without it) runs and can be reached',
    },
    fr: {
      what: 'La file d’attente ne répond pas ; aucun travail n’est perdu, il attend dans la base',
      todo: 'Vérifiez que le Redis de REDIS_URL (ou Postgres, sans lui) fonctionne et est joignable',
    },
  },
  QUEUE_EVICTION: {
    whoMustAct: 'operator',
    en: {
      what: 'This Redis may throw waiting work away when its memory is full',
      todo: 'Set maxmemory-policy to noeviction (redis-cli CONFIG SET maxmemory-policy noeviction, and in redis.conf), or remove REDIS_URL: the queue then lives in Postgres',
    },
    fr: {
      what: 'Ce Redis peut jeter du travail en attente quand sa mémoire est pleine',
      todo: 'Réglez maxmemory-policy sur noeviction (redis-cli CONFIG SET maxmemory-policy noeviction, et dans redis.conf), ou retirez REDIS_URL : la file vit alors dans Postgres',
    },
  },
  QUEUE_REFUSED: {
    whoMustAct: 'operator',
    en: {
      what: 'The queue answers, and refuses',
      todo: 'Check the login and the rights in REDIS_URL or DATABASE_URL; during a stop it is nothing to worry about',
    },
    fr: {
      what: 'La file d’attente répond, et refuse',
      todo: 'Vérifiez le compte et les droits dans REDIS_URL ou DATABASE_URL ; pendant un arrêt, ce n’est rien',
    },
  },
};
