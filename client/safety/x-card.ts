import { showToast } from '../common/toasts.ts';
import type { SessionLink } from '../link/session-link.ts';
import { SAFETY } from './safety-strings.ts';

/** Plays the X-card at once, without a question: on a passage, on a draft, or on what was written last. */
export async function playXCard(
  session: SessionLink,
  at: { passageId?: string; draftId?: string } = {},
): Promise<void> {
  if (await session.act('safety:x-card', at)) showToast(SAFETY.kit.xCardDone);
}
