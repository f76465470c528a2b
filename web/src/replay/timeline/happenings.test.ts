import { expect, test } from "vitest";

import type { Mark, Moment } from "../../protocol/replay";
import type { LargestTrade } from "../recording/recording";
import { happeningsOf, lastUpTo, neighbour } from "./happenings";

const moment = (sequence: number, session = 1): Moment => ({ session, ms: 10 * sequence, sequence });

function mark(sequence: number, session = 1): Mark {
  return { kind: "news", moment: moment(sequence, session), text: `${sequence}`, team_id: null, instrument_id: null };
}

function trade(sequence: number): LargestTrade {
  const [price, quantity] = [4_500.25, 1_200];
  const message = {
    type: "trade",
    trade_id: "TRD_1",
    instrument_id: "SPX",
    price,
    quantity,
  } as LargestTrade["message"];
  return { moment: moment(sequence), message };
}

test("marks and large trades of one session stand in order", () => {
  const all = happeningsOf(1, [mark(3), mark(9), mark(2, 0)], [trade(5), trade(4)]);
  expect(all.map(({ moment }) => moment.sequence)).toEqual([3, 4, 5, 9]);
  expect(all[1]).toEqual({ kind: "trade", moment: moment(4), text: "1,200 SPX at 4,500.25" });
});

test("the next and the last one before are found from any moment", () => {
  const all = happeningsOf(1, [mark(3), mark(9)], []);
  expect(neighbour(all, moment(3), true)?.moment.sequence).toBe(9);
  expect(neighbour(all, moment(9), false)?.moment.sequence).toBe(3);
  expect(neighbour(all, moment(3), false)).toBeNull();
  expect(neighbour(all, moment(9), true)).toBeNull();
  expect(lastUpTo(all, moment(8))).toBe(0);
  expect(lastUpTo(all, moment(2))).toBe(-1);
});
