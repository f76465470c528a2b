/** Calls `publish` once per animation frame in which something changed, whatever arrives in between. */

type Publish = () => void;

/** Where frames come from; a browser's own, unless a test brings another. */
export type NextFrame = (callback: () => void) => void;

export class Frames {
  readonly #next: NextFrame;
  readonly #waiting = new Set<Publish>();
  #asked = false;

  constructor(next: NextFrame = (callback) => requestAnimationFrame(callback)) {
    this.#next = next;
  }

  /** Have `publish` called at the next frame; once, however often it is asked for. */
  request(publish: Publish): void {
    this.#waiting.add(publish);
    if (!this.#asked) {
      this.#asked = true;
      this.#next(this.#run);
    }
  }

  readonly #run = (): void => {
    this.#asked = false;
    const all = [...this.#waiting];
    this.#waiting.clear();
    for (const publish of all) publish();
  };
}
