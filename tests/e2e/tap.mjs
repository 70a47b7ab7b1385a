// tap.mjs - steps as TAP lines: a step that throws is "not ok" and the steps that need it are not tried.
export class Tap {
  #n = 0;
  #failed = false;

  constructor() {
    console.log('TAP version 13');
  }

  async step(name, act) {
    this.#n++;
    if (this.#failed) {
      console.log(`not ok ${this.#n} - ${name}\n# not tried: an earlier step failed`);
      return undefined;
    }
    try {
      const value = await act();
      console.log(`ok ${this.#n} - ${name}`);
      return value;
    } catch (e) {
      this.#failed = true;
      console.log(`not ok ${this.#n} - ${name}\n${String(e).split('\n').map((l) => `# ${l}`).join('\n')}`);
      return undefined;
    }
  }

  /** The next steps do not need the ones before. */
  fresh() {
    if (this.#failed) process.exitCode = 1;
    this.#failed = false;
  }

  end() {
    this.fresh();
    console.log(`1..${this.#n}`);
  }
}

export function same(got, want, what) {
  if (got !== want) throw new Error(`${what}: got ${JSON.stringify(got)}, want ${JSON.stringify(want)}`);
}
