/** Versions of policies, and the patterns by which references choose among them. */

/** Whether a version is one that the patterns of a reference allow; null allows any. */
export function isAllowed(
  version: string,
  {
    version: exact,
    earliest,
    latest,
  }: { readonly version: string | null; readonly earliest: string | null; readonly latest: string | null },
): boolean {
  return (
    (exact === null || comparePattern(version, exact) === 0) &&
    (earliest === null || comparePattern(version, earliest) >= 0) &&
    (latest === null || comparePattern(version, latest) <= 0)
  );
}

/** Number by number; of two that begin alike, the shorter one is the earlier. */
export function compareVersions(a: string, b: string): number {
  return comparePattern(a, b);
}

/** `*` is whatever number stands there, `+` whatever numbers stand from there on. */
function comparePattern(version: string, pattern: string): number {
  const [numbers, wanted] = [version.split('.'), pattern.split('.')];
  for (const [i, each] of wanted.entries()) {
    const number = numbers[i];
    if (number === undefined) return -1;
    if (each === '+') return 0;
    if (each !== '*' && Number(number) !== Number(each)) return Number(number) - Number(each);
  }
  return numbers.length > wanted.length ? 1 : 0;
}
