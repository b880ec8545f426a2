/** How the demo talks: chapters, lines with the time since its beginning, and claims that have to be true. Plain text, so that it reads in a log. */

export interface Story {
  chapter(title: string): void;
  say(...lines: readonly string[]): void;
  /** Something that must be so; the story goes on, and its end tells that it was not. */
  claim(what: string, holds: boolean): void;
  readonly claims: number;
  readonly broken: readonly string[];
}

const indent = '            ';

export function beginStory(write: (text: string) => void = (text) => void process.stdout.write(text)): Story {
  const begun = performance.now();
  const time = (): string => `${((performance.now() - begun) / 1000).toFixed(1).padStart(6)} s  `;
  const broken: string[] = [];
  let claims = 0;
  return {
    chapter: (title) => write(`\n${title}\n${'-'.repeat(title.length)}\n`),
    say: (first = '', ...rest) => {
      write(`${time()}  ${first}\n`);
      for (const line of rest) write(`${indent}${line}\n`);
    },
    claim(what, holds) {
      claims++;
      if (!holds) broken.push(what);
      write(`${time()}  ${holds ? 'TRUE ' : 'FALSE'} ${what}\n`);
    },
    get claims() {
      return claims;
    },
    broken,
  };
}

/** Asks again until there is an answer other than null, for what happens in the background. */
export async function eventually<T>(ask: () => Promise<T | null>, what: string, signal: AbortSignal): Promise<T> {
  const until = performance.now() + 45_000;
  for (;;) {
    const answer = await ask();
    if (answer !== null) return answer;
    signal.throwIfAborted();
    if (performance.now() > until) throw new Error(`This did not come about: ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
