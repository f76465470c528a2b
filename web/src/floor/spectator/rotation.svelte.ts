/** Which of several panels is shown: each for a while, one after the other, until somebody stops it. */

export class Rotation<Name extends string> {
  /** What there is to show now; it may change, and what is shown stays if it still can. */
  readonly #names: () => readonly Name[];
  #shown = $state.raw<Name | null>(null);
  isPaused = $state(false);

  constructor(names: () => readonly Name[]) {
    this.#names = names;
  }

  /** The panel to show; null if there is none. */
  get shown(): Name | null {
    const names = this.#names();
    return this.#shown !== null && names.includes(this.#shown) ? this.#shown : (names[0] ?? null);
  }

  /** Show this one, and stay there. */
  choose(name: Name): void {
    this.#shown = name;
    this.isPaused = true;
  }

  /** Go `by` panels on, or back. */
  step(by: number): void {
    const names = this.#names();
    if (names.length === 0 || this.shown === null) return;
    const place = names.indexOf(this.shown) + by;
    this.#shown = names[((place % names.length) + names.length) % names.length] ?? null;
  }

  /** The time of a panel is over. */
  tick(): void {
    if (!this.isPaused) this.step(1);
  }
}

/** Seconds that a panel is shown: what `?seconds=` asks for, from 3 to 600; 15 without it, or for what is no number. */
export function secondsOf(search: string): number {
  const asked = Number(new URLSearchParams(search).get("seconds") ?? "15");
  return Number.isFinite(asked) ? Math.min(Math.max(asked, 3), 600) : 15;
}
