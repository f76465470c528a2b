/** What panels want to hear: of a recorded session, whose books and whose trades have to be asked for. */

export class Wanted {
  readonly #counts = new Map<string, number>();
  readonly #onNew: () => void;

  /** `onNew` is called when a book or trades are wanted that were not. */
  constructor(onNew: () => void) {
    this.#onNew = onNew;
  }

  /** Want `channel` until the returned function is called. */
  want(channel: string): () => void {
    const count = this.#counts.get(channel) ?? 0;
    this.#counts.set(channel, count + 1);
    if (count === 0 && /^(book|trades):[^*]/.test(channel)) this.#onNew();
    let isWanted = true;
    return () => {
      if (!isWanted) return;
      isWanted = false;
      const others = (this.#counts.get(channel) ?? 1) - 1;
      if (others > 0) this.#counts.set(channel, others);
      else this.#counts.delete(channel);
    };
  }

  /** The instruments of which this kind of channel is wanted, such as `book`. */
  instruments(kind: string): string[] {
    const begins = `${kind}:`;
    return [...this.#counts.keys()]
      .filter((channel) => channel.startsWith(begins) && !channel.endsWith("*"))
      .map((channel) => channel.slice(begins.length));
  }
}
