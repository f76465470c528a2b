import { expect, test } from "vitest";

import { moveInGrid } from "./gridKeys";

/** Two rows of two buttons; the lower right one is missing. */
function grid(): Record<string, HTMLButtonElement> {
  document.body.innerHTML = `<table><tbody>
    <tr><td><button id="a" data-row="0" data-column="0"></button></td>
        <td><button id="b" data-row="0" data-column="1"></button></td></tr>
    <tr><td><button id="c" data-row="1" data-column="0"></button></td><td></td></tr>
  </tbody></table>`;
  document.addEventListener("keydown", moveInGrid);
  return Object.fromEntries([...document.querySelectorAll("button")].map((button) => [button.id, button]));
}

function press(key: string): string | undefined {
  document.activeElement?.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
  return document.activeElement?.id;
}

test("arrows go to the next button that way, and stay at the edge", () => {
  const { a } = grid();
  a?.focus();
  expect(press("ArrowRight")).toBe("b");
  expect(press("ArrowRight")).toBe("b");
  expect(press("ArrowDown")).toBe("b");
  expect(press("Home")).toBe("a");
  expect(press("ArrowDown")).toBe("c");
  expect(press("End")).toBe("c");
  expect(press("ArrowUp")).toBe("a");
  expect(press("x")).toBe("a");
});
