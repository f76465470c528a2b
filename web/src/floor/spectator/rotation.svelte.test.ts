import { expect, test } from "vitest";

import { Rotation, secondsOf } from "./rotation.svelte";

test("panels come one after the other, and begin again", () => {
  const rotation = new Rotation(() => ["prices", "chain", "scores"]);
  const seen = [rotation.shown];
  for (let tick = 0; tick < 3; tick += 1) {
    rotation.tick();
    seen.push(rotation.shown);
  }
  expect(seen).toEqual(["prices", "chain", "scores", "prices"]);
});

test("one that is chosen stays; stepping by hand goes both ways", () => {
  const rotation = new Rotation(() => ["prices", "chain", "scores"]);
  rotation.choose("chain");
  rotation.tick();
  expect(rotation.shown).toBe("chain");
  rotation.step(-2);
  expect(rotation.shown).toBe("scores");
});

test("a panel that is there no more gives way to the first", () => {
  let names = ["auctions", "prices"];
  const rotation = new Rotation(() => names);
  rotation.choose("auctions");
  names = ["prices"];
  expect(rotation.shown).toBe("prices");
  names = [];
  rotation.tick();
  expect(rotation.shown).toBeNull();
});

test.each([
  ["", 15],
  ["?seconds=20", 20],
  ["?view=projector&seconds=0", 3],
  ["?seconds=9999", 600],
  ["?seconds=soon", 15],
])("%s asks for %d seconds", (search, seconds) => {
  expect(secondsOf(search)).toBe(seconds);
});
