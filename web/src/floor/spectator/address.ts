/** Whether an address asks for the public part in large type: `/?view=projector`. On a wall nothing is a team's own. */
export function isForProjector(search: string): boolean {
  return new URLSearchParams(search).get("view") === "projector";
}
