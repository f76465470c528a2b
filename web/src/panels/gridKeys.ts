/** Arrow keys in a table of buttons: one of them is reached by Tab, the others from it. */

/**
 * Buttons carry `data-row` and `data-column`. Arrows go to the next button that way, Home and End to the first and the
 * last of the row.
 */
export function moveInGrid(event: KeyboardEvent): void {
  const from = event.target;
  if (!(from instanceof HTMLElement) || from.dataset["row"] === undefined) return;
  const table = from.closest("table");
  const to = table === null ? undefined : nextCell(cellsOf(table), from, event.key);
  if (to === undefined) return;
  event.preventDefault();
  to.focus();
  to.scrollIntoView({ block: "nearest", inline: "nearest" });
}

function cellsOf(table: HTMLTableElement): HTMLElement[] {
  return [...table.querySelectorAll<HTMLElement>("[data-row]")];
}

function rowOf(cell: HTMLElement): number {
  return Number(cell.dataset["row"]);
}

function columnOf(cell: HTMLElement): number {
  return Number(cell.dataset["column"]);
}

function nextCell(cells: readonly HTMLElement[], from: HTMLElement, key: string): HTMLElement | undefined {
  const inRow = cells.filter((cell) => rowOf(cell) === rowOf(from));
  const inColumn = cells.filter((cell) => columnOf(cell) === columnOf(from));
  switch (key) {
    case "ArrowLeft":
      return inRow[inRow.indexOf(from) - 1];
    case "ArrowRight":
      return inRow[inRow.indexOf(from) + 1];
    case "ArrowUp":
      return inColumn[inColumn.indexOf(from) - 1];
    case "ArrowDown":
      return inColumn[inColumn.indexOf(from) + 1];
    case "Home":
      return inRow[0];
    case "End":
      return inRow.at(-1);
    default:
      return undefined;
  }
}
