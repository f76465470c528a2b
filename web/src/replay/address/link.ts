/** A link to a moment: what is after `#` names the moment, the team, and the instrument that is looked at. */

import { placeText, readPlace, type Place } from "../moments/moments";

export interface Link {
  place: Place | null;
  team: string | null;
  instrument: string | null;
}

/** Such as `#at=1:60000:812&team=TEAM_3&instrument=SPX`. */
export function linkText({ place, team, instrument }: Link): string {
  const parts = [
    ...(place === null ? [] : [`at=${placeText(place)}`]),
    ...(team === null ? [] : [`team=${encodeURIComponent(team)}`]),
    ...(instrument === null ? [] : [`instrument=${encodeURIComponent(instrument)}`]),
  ];
  return `#${parts.join("&")}`;
}

/** What is missing, or cannot be understood, is null. */
export function readLink(hash: string): Link {
  const said = new URLSearchParams(hash.replace(/^#/, ""));
  return {
    place: readPlace(said.get("at")),
    team: said.get("team") || null,
    instrument: said.get("instrument") || null,
  };
}
