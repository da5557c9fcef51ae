import { Eta } from 'eta';
import type { DigestModel } from '../../src/core/review/digest-types.ts';
import { inOneMinute } from './one-minute.ts';
import { digestView } from './view.ts';

export interface RenderedDigest {
  /** At most 45 characters. */
  readonly subject: string;
  /** At most 90 characters; it is also inside `html`. */
  readonly preheader: string;
  readonly html: string;
  readonly text: string;
}

const folder = import.meta.dirname;

/** Every name comes from a CRM: escaped by default. Compiled from digest.mjml by `npm run templates:build`. */
const htmlMail = new Eta({ views: folder, autoEscape: true, autoTrim: false, cache: true });

/** Plain text has nothing to escape; trimming would glue lines together. */
const textMail = new Eta({ views: folder, autoEscape: false, autoTrim: false, cache: true });

/** Pure but for reading the two templates once. Throws only for a broken template or catalogue, never for what a CRM says. */
export function renderDigest(model: DigestModel): RenderedDigest {
  const view = inOneMinute(digestView(model));
  return {
    subject: view.subject,
    preheader: view.preheader,
    html: htmlMail.render('./digest.html.eta', view),
    text: textMail.render('./digest.txt.eta', view),
  };
}
