import { expect, test } from "vitest";

import type { InstrumentInfo } from "../../protocol/messages";
import { chosen } from "./instruments";

function instrument(id: string, status: InstrumentInfo["status"] = "listed"): InstrumentInfo {
  return {
    instrument_id: id,
    kind: "spot",
    underlying: id,
    option_type: null,
    strike: null,
    expiry: null,
    tick_size: 0.01,
    multiplier: 1,
    halted: status === "halted",
    status,
    settlement_price: null,
    position_limits: {},
    maximum_order_sizes: {},
  };
}

const ALL = [instrument("SPY"), instrument("SPX_A", "halted"), instrument("SPX_B"), instrument("SPX_OLD", "settled")];
const phaseOf = (id: string) => (id === "SPX_B" ? ("reopening_call" as const) : undefined);
const ids = (instruments: readonly InstrumentInfo[]) => instruments.map(({ instrument_id }) => instrument_id);

test("what has expired is shown only with all", () => {
  expect(ids(chosen(ALL, "", "trading", phaseOf))).toEqual(["SPY", "SPX_A", "SPX_B"]);
  expect(ids(chosen(ALL, "", "all", phaseOf))).toEqual(["SPY", "SPX_A", "SPX_B", "SPX_OLD"]);
});

test("apart are those that are halted or in a phase of their own", () => {
  expect(ids(chosen(ALL, "", "apart", phaseOf))).toEqual(["SPX_A", "SPX_B"]);
});

test("a part of the name is enough", () => {
  expect(ids(chosen(ALL, " spx_b ", "trading", phaseOf))).toEqual(["SPX_B"]);
});
