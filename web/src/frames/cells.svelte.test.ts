import { flushSync } from "svelte";
import { expect, test } from "vitest";

import { Cells } from "./cells.svelte";
import { Frames } from "./frames";

/** Frames that come when a test says so. */
function byHand(): { frames: Frames; frame: () => void } {
  let next: (() => void) | null = null;
  return {
    frames: new Frames((callback) => (next = callback)),
    frame: () => {
      const run = next;
      next = null;
      run?.();
      flushSync();
    },
  };
}

test("views see what arrives once per frame, and code sees it at once", () => {
  const { frames, frame } = byHand();
  const cells = new Cells<string, number>(frames, (value) => value);
  const seen: (number | undefined)[] = [];
  const stop = $effect.root(() => {
    $effect(() => {
      seen.push(cells.shown("a"));
    });
  });
  flushSync();
  for (let value = 0; value < 1_000; value += 1) cells.set("a", value);
  expect(cells.now("a")).toBe(999);
  expect(seen).toEqual([undefined]);
  frame();
  expect(seen).toEqual([undefined, 999]);
  stop();
});

test("who reads a key is told that it is gone, and that it is back", () => {
  const { frames, frame } = byHand();
  const cells = new Cells<string, number>(frames, (value) => value);
  const seen: (number | undefined)[] = [];
  const stop = $effect.root(() => {
    $effect(() => {
      seen.push(cells.shown("a"));
    });
  });
  flushSync();
  for (const change of [() => cells.set("a", 1), () => cells.delete("a"), () => cells.set("a", 2)]) {
    change();
    frame();
  }
  expect(seen).toEqual([undefined, 1, undefined, 2]);
  expect(cells.values).toEqual([2]);
  stop();
});
