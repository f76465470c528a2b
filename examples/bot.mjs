// A bot in plain JavaScript, without any SDK: registers a team, subscribes, trades. Node 22 or later runs it as it is,
// node 20 with --experimental-websocket:
//
//     node examples/bot.mjs http://127.0.0.1:8000
//
// It buys a call at the best bid, offers it five ticks higher, and begins again. Ctrl-C ends it.

const url = process.argv[2] ?? "http://127.0.0.1:8000";
let key; // shown once, in the answer to the registration
let ticks; // tick size by instrument
let isBidding = false; // whether a bid works, or is on its way

// A request over REST. The answer is the verdict; what becomes of an order comes over the WebSocket.
async function ask(method, path, body) {
  const headers = { "Content-Type": "application/json", ...(key && { "X-API-Key": key }) };
  const response = await fetch(url + path, { method, headers, body: body && JSON.stringify(body) });
  const answer = await response.json();
  if (!answer.success) console.log("refused:", answer.error.code, answer.error.message);
  return answer;
}

async function order(side, instrument_id, price) {
  const answer = await ask("POST", "/orders", { instrument_id, side, quantity: 1, price });
  if (answer.success) console.log(side, instrument_id, "@", price, answer.order_id);
  return answer.order_id; // null if it was refused
}

async function handle(event) {
  if (event.type === "instrument_listed") {
    ticks.set(event.instrument.instrument_id, event.instrument.tick_size);
  } else if (event.type === "top_of_book") {
    if (isBidding || !event.instrument_id.includes("_CALL_") || !event.bid_price || !event.ask_price) return;
    isBidding = true; // its fill may come before its verdict does
    const id = await order("buy", event.instrument_id, event.bid_price);
    if (id === null) setTimeout(() => (isBidding = false), 1000); // refused: try again in a second
  } else if (event.type === "execution_report") {
    console.log("traded:", event.side, event.quantity, "@", event.price, "fees", event.fees);
    if (event.side === "buy") {
      isBidding = false;
      const offer = event.price + 5 * ticks.get(event.instrument_id);
      await order("sell", event.instrument_id, Number(offer.toFixed(2)));
    }
  } else if (event.type === "order_cancelled" && event.side === "buy") {
    console.log("cancelled:", event.reason);
    isBidding = false;
  } else if (event.type === "error") {
    console.log("error:", event.code, event.message);
  }
}

const name = `JavaScript ${Date.now()}`; // a team's name is taken once
const registered = await ask("POST", "/teams", { team_name: name });
if (!registered.success) process.exit(1);
key = registered.data.api_key; // a bot that is to be the same team tomorrow keeps it in a file
const { instruments } = (await ask("GET", "/instruments")).data;
ticks = new Map(instruments.map((each) => [each.instrument_id, each.tick_size]));

const socket = new WebSocket(url.replace(/^http/, "ws") + "/ws");
socket.onopen = () => {
  const send = (message) => socket.send(JSON.stringify(message));
  send({ op: "login", api_key: key });
  send({ op: "cancel_on_disconnect", enabled: true, grace_seconds: 0 });
  send({ op: "subscribe", channels: ["market", "top:*"] });
};
socket.onmessage = ({ data }) => handle(JSON.parse(data));
socket.onclose = ({ code }) => {
  console.log("the connection is closed:", code); // one that goes on connects again, and resumes with after_seq
  process.exit(1);
};
process.on("SIGINT", () => process.exit(0)); // its orders are cancelled: it has asked for that
