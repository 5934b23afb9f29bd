const ENTITY = '&(?:amp|lt|gt|quot|apos|#\\d{1,7}|#x[0-9a-fA-F]{1,6});';
const NAME = '[A-Za-z_][\\w.:-]*';
const ATTRIBUTE = `\\s+${NAME}\\s*=\\s*(?:"(?:[^<&"]|${ENTITY})*"|'(?:[^<&']|${ENTITY})*')`;
const TOKEN = new RegExp(
  [
    '<\\?[^?]*\\?>',
    '<!DOCTYPE [^<>[\\]]*>',
    `</(?<close>${NAME})\\s*>`,
    `<(?<open>${NAME})(?:${ATTRIBUTE})*\\s*(?<empty>/?)>`,
    `(?<text>(?:[^<&]|${ENTITY})+)`,
  ].join('|'),
  'y',
);
const FORBIDDEN =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;

/** Why a text is not well-formed XML, with the place; null: it is. */
export function xmlFault(xml: string): string | null {
  const bad = FORBIDDEN.exec(xml);
  if (bad !== null) return `a character that XML forbids at ${bad.index}`;
  const open: string[] = [];
  let roots = 0;
  for (let at = 0; at < xml.length; at = TOKEN.lastIndex) {
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(xml);
    if (match === null) return `not XML at ${at}: ${xml.slice(at, at + 40)}`;
    const { close, open: name, empty, text } = match.groups ?? {};
    if (text !== undefined && open.length === 0 && text.trim() !== '') return `text outside at ${at}`;
    if (text?.includes(']]>') === true) return `]]> at ${at}`;
    if (name !== undefined) {
      if (open.length === 0) roots += 1;
      if (empty !== '/') open.push(name);
    }
    if (close !== undefined && open.pop() !== close) return `</${close}> closes nothing at ${at}`;
  }
  if (open.length > 0) return `<${open.at(-1)}> is never closed`;
  return roots === 1 ? null : `${roots} roots`;
}
