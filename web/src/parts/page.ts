/** How every page begins: its theme, its exchange, then its own App in the page's one element. */

import { type Component, mount } from "svelte";

import { beginTheme } from "../theme/theme.svelte";

/** Mount `app`, which is given what it shows; that is not started yet. */
export function beginPage<Shown>(app: Component<{ exchange: Shown }>, make: () => Shown): void {
  beginTheme();
  const target = document.getElementById("page");
  if (target === null) throw new Error("the page has no element #page");
  mount(app, { target, props: { exchange: make() } });
}
