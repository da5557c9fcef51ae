/** The CRMs that Jalon plugs into. */
export type CrmKind = 'hubspot' | 'pipedrive';
