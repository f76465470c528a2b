/** Light or dark: as the system says, until a person says otherwise; then kept on this machine. */

export type Theme = "system" | "light" | "dark";

const PLACE = "openoutcry.theme";
const THEMES: readonly Theme[] = ["system", "light", "dark"];

let chosen = $state<Theme>("system");

/** Set the page up in the theme that was chosen last; called before anything is drawn. */
export function beginTheme(): void {
  const kept = localStorage.getItem(PLACE) as Theme | null;
  chosen = kept !== null && THEMES.includes(kept) ? kept : "system";
  show();
}

export function theme(): Theme {
  return chosen;
}

export function chooseTheme(next: Theme): void {
  chosen = next;
  localStorage.setItem(PLACE, next);
  show();
}

/** Whether the page is dark now. Charts draw on a canvas, and ask; they are told of changes by `onThemeChange`. */
export function isDark(): boolean {
  return chosen === "dark" || (chosen === "system" && matchMedia("(prefers-color-scheme: dark)").matches);
}

const told = new Set<() => void>();

/** Call `hear` whenever colours change, until the returned function is called. */
export function onThemeChange(hear: () => void): () => void {
  told.add(hear);
  const system = matchMedia("(prefers-color-scheme: dark)");
  system.addEventListener("change", hear);
  return () => {
    told.delete(hear);
    system.removeEventListener("change", hear);
  };
}

/** A colour of tokens.css as the browser computes it now, for drawing on a canvas: `colour("--buy")`. */
export function colour(token: string): string {
  const probe = document.createElement("span");
  probe.style.setProperty("color", `var(${token})`);
  document.body.append(probe);
  const computed = getComputedStyle(probe).color;
  probe.remove();
  return computed;
}

/** Pixels of the page's type, which a projector's page has larger. */
export function rootFontSize(): number {
  return Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
}

function show(): void {
  if (chosen === "system") delete document.documentElement.dataset["theme"];
  else document.documentElement.dataset["theme"] = chosen;
  for (const hear of told) hear();
}
