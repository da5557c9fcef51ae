import { existsSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';
import { LogError, type LogMapping } from './types.ts';

/** The part of a company file that a pipeline is built from; Jalon itself reads the whole. */
const schema = z.object({
  name: z.string(),
  zone: z.string(),
  currency: z.string(),
  locale: z.enum(['fr', 'en']).default('en'),
  pipelines: z.array(z.object({ id: z.string(), label: z.string(), stages: z.array(z.string()) })).min(1),
  milestones: z.array(z.object({ key: z.string(), weight: z.number() })),
  stages: z.record(z.string(), z.string()),
});

export function readMapping(file: string): LogMapping {
  if (!existsSync(file)) throw new LogError(`no mapping file at ${file}`);
  const read = schema.safeParse(yamlOf(file));
  if (read.success) return read.data;
  const problems = read.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new LogError(`the mapping file ${file} cannot be used: ${problems.join('; ')}`);
}

function yamlOf(file: string): unknown {
  try {
    return parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new LogError(`the mapping file ${file} is not YAML: ${String(error)}`);
  }
}
