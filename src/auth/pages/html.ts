/** HTML that cannot be written without escaping. */

/** Text that is safe to stand in a page: made by `html` alone. */
export class SafeHtml {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

type Part = string | number | SafeHtml | readonly SafeHtml[];

/** Everything put in is escaped, in text and in quoted attributes alike, unless it is SafeHtml already. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): SafeHtml {
  const pieces = strings.map((piece, i) => {
    const part = parts[i];
    return part === undefined ? piece : piece + textOf(part);
  });
  return new SafeHtml(pieces.join(''));
}

/** Serves XML attributes and text as well. */
export function escapeMarkup(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

function textOf(part: Part): string {
  if (part instanceof SafeHtml) return part.text;
  return typeof part === 'object' ? part.map((piece) => piece.text).join('') : escapeMarkup(String(part));
}
