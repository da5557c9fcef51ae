import { join } from 'node:path';
import { Eta } from 'eta';

/** Escapes by default: every name on a page comes from a CRM. */
export const pages = new Eta({ views: join(import.meta.dirname, 'views'), autoEscape: true, cache: true });
