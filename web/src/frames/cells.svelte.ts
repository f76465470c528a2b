/**
 * Values that change at any rate and are shown once per frame.
 *
 * What arrives is kept in a plain map at once. Svelte sees a key's value only when a frame publishes it, and only the
 * readers of that key run again.
 */

import type { Frames } from "./frames";

/** One value. */
export class Cell<Value> {
  readonly #frames: Frames;
  #kept: Value;
  #shown = $state.raw() as Value;

  constructor(frames: Frames, first: Value) {
    this.#frames = frames;
    this.#kept = first;
    this.#shown = first;
  }

  /** The newest value, for code that is no view. */
  get now(): Value {
    return this.#kept;
  }

  set(value: Value): void {
    this.#kept = value;
    this.#frames.request(this.#publish);
  }

  /** The value of this frame; a view that reads it is drawn again when it changes. */
  get shown(): Value {
    return this.#shown;
  }

  readonly #publish = (): void => {
    this.#shown = this.#kept;
  };
}

class Shown<View> {
  view = $state.raw() as View;

  constructor(view: View) {
    this.view = view;
  }
}

/** Values by key. `show` makes what views see of a value that is changed in place: at most once per frame. */
export class Cells<Key, Kept, View = Kept> {
  readonly #frames: Frames;
  readonly #show: (kept: Kept) => View;
  readonly #kept = new Map<Key, Kept>();
  readonly #shown = new Map<Key, Shown<View>>();
  readonly #changed = new Set<Key>();
  #keysChanged = false;
  #keys = $state.raw<readonly Key[]>([]);

  constructor(frames: Frames, show: (kept: Kept) => View) {
    this.#frames = frames;
    this.#show = show;
  }

  /** The newest value, for code that is no view. */
  now(key: Key): Kept | undefined {
    return this.#kept.get(key);
  }

  /** The newest values, for code that is no view. */
  all(): IterableIterator<Kept> {
    return this.#kept.values();
  }

  set(key: Key, value: Kept): void {
    if (!this.#kept.has(key)) this.#keysChanged = true;
    this.#kept.set(key, value);
    this.touch(key);
  }

  /** The value of `key` was changed in place. */
  touch(key: Key): void {
    this.#changed.add(key);
    this.#frames.request(this.#publish);
  }

  delete(key: Key): void {
    if (this.#kept.delete(key)) {
      this.#keysChanged = true;
      this.touch(key);
    }
  }

  clear(): void {
    for (const key of [...this.#kept.keys()]) this.delete(key);
  }

  /** What views see of `key` in this frame. Only a change of this key runs the reader again. */
  shown(key: Key): View | undefined {
    const shown = this.#shown.get(key);
    if (shown !== undefined) return shown.view;
    // Not there yet: the reader runs again when keys come or go.
    void this.#keys;
    return undefined;
  }

  /** The keys of this frame, in the order in which they came. */
  get keys(): readonly Key[] {
    return this.#keys;
  }

  /** All values of this frame. The reader runs again when any of them changes. */
  get values(): View[] {
    return this.#keys.flatMap((key) => {
      const shown = this.#shown.get(key);
      return shown === undefined ? [] : [shown.view];
    });
  }

  readonly #publish = (): void => {
    for (const key of this.#changed) {
      const kept = this.#kept.get(key);
      const shown = this.#shown.get(key);
      if (!this.#kept.has(key)) {
        if (shown !== undefined) shown.view = undefined as View; // its readers run again, and find it gone
        this.#shown.delete(key);
      } else if (shown === undefined) this.#shown.set(key, new Shown(this.#show(kept as Kept)));
      else shown.view = this.#show(kept as Kept);
    }
    this.#changed.clear();
    if (this.#keysChanged) {
      this.#keysChanged = false;
      this.#keys = [...this.#kept.keys()];
    }
  };
}
