/** Positions are two numbers, transaction and order within it, in the order of the feed; they outgrow what JavaScript counts exactly. */
const form = /^\d{1,18}-\d{1,18}$/;

export const isPosition = (text: string): boolean => form.test(text);

export function isLater(position: string, than: string | null): boolean {
  if (than === null) return true;
  const [a, b] = [numbersOf(position), numbersOf(than)];
  for (const [i, part] of a.entries()) {
    const other = b[i] ?? -1n;
    if (part !== other) return part > other;
  }
  return false;
}

const numbersOf = (position: string): readonly bigint[] => position.split('-').map(BigInt);
