/** Text that the database can keep: PostgreSQL refuses U+0000, and JSON with half of a surrogate pair. */
export const isStorable = (text: string): boolean => !text.includes('\u0000') && text.isWellFormed();

/** Line breaks, U+0000 and the like: whatever a single line of text, and a header of HTTP above all, must not have in it. */
export const hasControlCharacters = (text: string): boolean => /\p{Cc}/u.test(text);

/** Text that XML 1.0 can hold, and that a reader of XML gives back as it was: line breaks and tabs are not told apart everywhere. */
export const isHeldByXml = (text: string): boolean => text.isWellFormed() && !hasControlCharacters(text) && !/[\uFFFE\uFFFF]/.test(text);

/** What is wrong with a name that people read and type; null: nothing. */
export function problemWithName(name: string, most: number): string | null {
  if (name.length === 0) return 'Say a name.';
  if (name.length > most) return `At most ${most} characters.`;
  if (name !== name.trim()) return 'A name has no spaces around it.';
  if (!isStorable(name) || hasControlCharacters(name)) return 'A name has no control characters.';
  const hidden = unseenIn(name);
  return hidden === null ? null : `A name has no characters that nobody sees or that turn the direction of writing: take out ${hidden}.`;
}

/** Marks of direction, joiners, fillers, tags: with them one name looks like another. Two separators and the blank of Braille look like a space. */
const unseen = /[\p{Default_Ignorable_Code_Point}\p{Zl}\p{Zp}\p{Bidi_Control}\uFFF9-\uFFFB\u2800]/u;
/** Where they do show: what makes one picture of several, and joiners in scripts that are spelled with them (Persian, most of India). */
const pictures =
  /(?<=\p{Extended_Pictographic}|[0-9#*](?=\uFE0F\u20E3))\uFE0F|(?<=[\p{Extended_Pictographic}\p{Emoji_Modifier}\uFE0F])\u200D(?=\p{Extended_Pictographic})/gu;
const joined =
  'Arabic Syriac Devanagari Bengali Gurmukhi Gujarati Oriya Tamil Telugu Kannada Malayalam Sinhala Khmer Myanmar Tibetan Mongolian'
    .split(' ')
    .map((script) => `\\p{Script=${script}}`)
    .join('');
const joiners = new RegExp(`(?<=[${joined}])[\\u200C\\u200D](?=[${joined}])`, 'gu');

/** The first, as U+202E; null: all that is there can be seen. */
function unseenIn(name: string): string | null {
  const [found] = unseen.exec(name.replace(pictures, '').replace(joiners, '')) ?? [];
  return found === undefined ? null : `U+${found.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0') ?? ''}`;
}
