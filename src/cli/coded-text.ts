/** The outbox keeps "CODE: place", or a code alone (jobs/worker.ts). */
export function codedText(text: string): { readonly code: string; readonly place: string } {
  const [, code = 'UNEXPECTED', place = ''] = /^([A-Z][A-Z_]+)(?:: (.*))?$/s.exec(text) ?? [
    undefined,
    'UNEXPECTED',
    text,
  ];
  return { code, place };
}
