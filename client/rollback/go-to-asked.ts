/** The place of the questions whether passages still fit. */
export const ASKED_ID = 'asked-about';

/** Brings those questions into view. */
export function goToAsked(): void {
  const list = document.getElementById(ASKED_ID);
  list?.scrollIntoView({ block: 'center' });
  list?.focus({ preventScroll: true });
}
