/** Keys that were typed in: kept for this tab alone, gone when it is closed. They never stand in an address. */

import type { Keys } from "./rest";

const PLACES = { team: "openoutcry.team-key", organiser: "openoutcry.organiser-key" } as const;
const NAME = "openoutcry.organiser-name";

export function readKeys(): Keys {
  return {
    team: sessionStorage.getItem(PLACES.team),
    organiser: sessionStorage.getItem(PLACES.organiser),
    organiserName: sessionStorage.getItem(NAME),
  };
}

/**
 * The same without a team's, for a page that acts for no team: what is a team's own is not told there, and with a key
 * that was rotated even public routes would be refused.
 */
export function readKeysOfNoTeam(): Keys {
  return { ...readKeys(), team: null };
}

/** Keep a key, or forget it with null. */
export function keepKey(whose: keyof typeof PLACES, key: string | null): void {
  keep(PLACES[whose], key);
}

export function keepOrganiserName(name: string | null): void {
  keep(NAME, name);
}

function keep(place: string, value: string | null): void {
  if (value === null || value === "") sessionStorage.removeItem(place);
  else sessionStorage.setItem(place, value);
}
