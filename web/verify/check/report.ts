// report.ts - what was found and what was counted. Words are keys of texts/ (verifier.found.*, verifier.counted.*), so that nothing here
// knows a language.
import type { DamageKey } from './source.ts';

type Keys = keyof typeof import('../../src/generated/ja.json');
type Under<P extends string, K = Keys> = K extends `${P}${infer R}` ? R : never;
export type FoundKey = Under<'verifier.found.'>;
export type CountedKey = Under<'verifier.counted.'>;
export type FactKey = Under<'verifier.fact.'>;
export type PhaseKey = Under<'verifier.phase.'>;

export type Level = 'tampered' | 'incomplete';
export type Finding = { level: Level; key: FoundKey; args: string[] };
export type Fact = { key: FactKey; args: string[] };
export type Verdict = 0 | 1 | 2; // as `sekisho verify` exits
export type Outcome = {
  verdict: Verdict;
  tampered: number;
  incomplete: number;
  findings: Finding[]; // the first KEPT of them
  counted: { key: CountedKey; n: number }[];
  facts: Fact[];
};

/** How far the work has come; may throw to stop it. */
export type Progress = (phase: PhaseKey, done: number, total: number) => void;

const KEPT = 200;

export class Report {
  readonly #found: Finding[] = [];
  readonly #counted = new Map<CountedKey, number>();
  readonly #facts: Fact[] = [];
  readonly #levels: Record<Level, number> = { tampered: 0, incomplete: 0 };

  #add(level: Level, key: FoundKey, args: readonly (string | number)[]): void {
    if (this.#levels[level]++ < KEPT) this.#found.push({ level, key, args: args.map(String) });
  }

  tampered(key: FoundKey, ...args: readonly (string | number)[]): void {
    this.#add('tampered', key, args);
  }

  incomplete(key: FoundKey, ...args: readonly (string | number)[]): void {
    this.#add('incomplete', key, args);
  }

  /** A file that cannot be read is not there; one that is not what it must be was changed. */
  damaged(key: DamageKey, path: string): void {
    this.#add(key === 'unreadable' ? 'incomplete' : 'tampered', key, [path]);
  }

  count(key: CountedKey, n = 1): void {
    this.#counted.set(key, (this.#counted.get(key) ?? 0) + n);
  }

  fact(key: FactKey, ...args: readonly (string | number)[]): void {
    this.#facts.push({ key, args: args.map(String) });
  }

  foundAny(level: Level): boolean {
    return this.#levels[level] > 0;
  }

  outcome(): Outcome {
    const { tampered, incomplete } = this.#levels;
    return {
      verdict: tampered ? 1 : incomplete ? 2 : 0,
      tampered,
      incomplete,
      findings: [...this.#found.filter((f) => f.level === 'tampered'), ...this.#found.filter((f) => f.level === 'incomplete')],
      counted: [...this.#counted].map(([key, n]) => ({ key, n })),
      facts: this.#facts,
    };
  }
}
