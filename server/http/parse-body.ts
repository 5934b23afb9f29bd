import { z } from 'zod';
import { AppError, firstIssue } from '../../sessions/errors.ts';

/** What the schema makes of a body (or query). Throws AppError BAD_INPUT naming the path of the first fault. */
export function parseBody<T extends z.ZodType>(schema: T, body: unknown): z.output<T> {
  const parsed = schema.safeParse(body ?? {});
  if (parsed.success) return parsed.data;
  throw new AppError('BAD_INPUT', { detail: firstIssue(parsed.error) });
}

/** A count or a time (epoch ms) in a query. */
export const countSchema = z
  .string()
  .regex(/^\d{1,15}$/)
  .transform(Number);
