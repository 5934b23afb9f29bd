import { z } from 'zod';

/** The schema of one kind of event. */
export const event = <T extends string, S extends z.ZodRawShape>(type: T, shape: S) =>
  z.object({ type: z.literal(type), ...shape });
