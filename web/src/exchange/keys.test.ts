import { expect, test } from "vitest";

import { keepKey, keepOrganiserName, readKeys, readKeysOfNoTeam } from "./keys";

test("keys are kept until they are forgotten, and a page of no team reads the organiser's alone", () => {
  keepKey("team", "t");
  keepKey("organiser", "o");
  keepOrganiserName("Ann");
  expect(readKeys()).toEqual({ team: "t", organiser: "o", organiserName: "Ann" });
  expect(readKeysOfNoTeam()).toEqual({ team: null, organiser: "o", organiserName: "Ann" });
  keepKey("team", null);
  keepKey("organiser", null);
  keepOrganiserName("");
  expect(readKeys()).toEqual({ team: null, organiser: null, organiserName: null });
});
