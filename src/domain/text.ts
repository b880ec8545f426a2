/** Text that the database can keep: PostgreSQL refuses U+0000, and JSON with half of a surrogate pair. */
export const isStorable = (text: string): boolean => !text.includes('\u0000') && text.isWellFormed();

/** Line breaks, U+0000 and the like: whatever a single line of text, and a header of HTTP above all, must not have in it. */
export const hasControlCharacters = (text: string): boolean => /\p{Cc}/u.test(text);

/** What is wrong with a name that people read and type; null: nothing. */
export function problemWithName(name: string, most: number): string | null {
  if (name.length === 0) return 'Say a name.';
  if (name.length > most) return `At most ${most} characters.`;
  if (name !== name.trim()) return 'A name has no spaces around it.';
  if (!isStorable(name) || hasControlCharacters(name)) return 'A name has no control characters.';
  return null;
}
