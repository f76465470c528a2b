"""A list that the exchange gives in pages, read as one answer."""

from msgspec.structs import replace

from openoutcry.client.http.calls import Call, query
from openoutcry.client.http.delivery import Delivery, RetryPolicy, deliver
from openoutcry.client.settings import Entropy


def all_pages(call: Call, policy: RetryPolicy, entropy: Entropy) -> Delivery:
    """The answer to `call`, a query for open orders, with the orders of all further pages added.

    `as_of_seq` is that of the first page. Later private events show what changes while further pages are read. No
    order is missed: each page begins after an id, ids only rise, and no order opens again. A further page that hits a
    rate limit waits for it. If a page is refused otherwise, the refusal is the answer.
    """
    first = yield from deliver(call, policy, entropy)
    data, patient = first.data or {}, replace(policy, wait_for_rate_limit=True)
    omitted = data.get("omitted", 0)
    while omitted:
        page = yield from deliver(query("/orders", after=data["orders"][-1]["order_id"]), patient, entropy)
        if page.data is None:
            return page
        data["orders"] += page.data["orders"]
        omitted = data["omitted"] = page.data["omitted"]
    return first
