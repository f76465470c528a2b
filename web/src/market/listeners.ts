/** Views that need every message, such as charts, get those of a frame together. */

import type { Frames } from "../frames/frames";
import type { ServerMessage } from "../protocol/messages";

type Name = ServerMessage["type"];
export type MessageOf<Type extends Name> = Extract<ServerMessage, { type: Type }>;
type Hear = (messages: readonly ServerMessage[]) => void;

/** Messages that a listener can be behind by; a hidden page has no frames. */
const MOST_WAITING = 5_000;

export class Listeners {
  readonly #frames: Frames;
  readonly #listening = new Map<Name, Set<Hear>>();
  #waiting = new Map<Name, ServerMessage[]>();

  constructor(frames: Frames) {
    this.#frames = frames;
  }

  /** Call `hear` once a frame with the messages of `type` that came since the last, until the returned function is
   * called. */
  on<Type extends Name>(type: Type, hear: (messages: readonly MessageOf<Type>[]) => void): () => void {
    const all = this.#listening.get(type) ?? new Set();
    this.#listening.set(type, all);
    const listener = hear as Hear;
    all.add(listener);
    return () => all.delete(listener);
  }

  /** Pass `message` on at the next frame, if anybody listens. */
  tell(message: ServerMessage): void {
    if (!this.#listening.get(message.type)?.size) return;
    const waiting = this.#waiting.get(message.type) ?? [];
    this.#waiting.set(message.type, waiting);
    waiting.push(message);
    if (waiting.length > MOST_WAITING) waiting.splice(0, waiting.length - MOST_WAITING / 2);
    this.#frames.request(this.#publish);
  }

  readonly #publish = (): void => {
    const all = this.#waiting;
    this.#waiting = new Map();
    for (const [type, messages] of all) {
      for (const hear of this.#listening.get(type) ?? []) hear(messages);
    }
  };
}
