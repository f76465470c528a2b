/** The page's address says what is shown; a jump leaves a way back, a small step does not. */

import { linkText, readLink, type Link } from "./link";

/** Browsers allow some two hundred changes of the address in half a minute. */
const KEEP_MS = 500;

export class Trail {
  /** What is shown, and is not in the address yet. */
  #waiting: Link | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Call `go` with the link when a person goes back or forward, or edits it; the returned function ends it. */
  start(go: (link: Link) => void): () => void {
    const hear = (): void => {
      clearTimeout(this.#timer);
      this.#waiting = null;
      go(readLink(location.hash));
    };
    addEventListener("popstate", hear);
    return () => {
      removeEventListener("popstate", hear);
      clearTimeout(this.#timer);
    };
  }

  /** What the address says now. */
  read(): Link {
    return readLink(location.hash);
  }

  /** A person goes somewhere else. */
  push(link: Link): void {
    this.#write();
    if (linkText(link) !== location.hash) history.pushState(null, "", linkText(link));
  }

  /** This is shown now, in place of what the address says; it is written a little later. */
  keep(link: Link): void {
    if (this.#waiting === null) this.#timer = setTimeout(() => this.#write(), KEEP_MS);
    this.#waiting = link;
  }

  #write(): void {
    clearTimeout(this.#timer);
    const link = this.#waiting;
    this.#waiting = null;
    if (link !== null && linkText(link) !== location.hash) history.replaceState(null, "", linkText(link));
  }
}
