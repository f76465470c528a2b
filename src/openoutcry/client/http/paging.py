"""A list that the exchange gives page by page, read as if it were one answer."""

from msgspec.structs import replace

from openoutcry.client.http.calls import Call, query
from openoutcry.client.http.delivery import Delivery, RetryPolicy, deliver


def all_pages(call: Call, policy: RetryPolicy) -> Delivery:
    """The answer to `call`, a query for open orders, with the orders of all further pages in it.

    Its `as_of_seq` is the first page's. What changes while the others are read is told on the private stream after
    that. Nothing is missed: a page goes on after an id, ids only rise, and no order opens again. For a further page a
    limit of the rate is waited out; a page that is refused is the answer.
    """
    first = yield from deliver(call, policy)
    data, patient = first.data or {}, replace(policy, wait_for_rate_limit=True)
    omitted = data.get("omitted", 0)
    while omitted:
        page = yield from deliver(query("/orders", after=data["orders"][-1]["order_id"]), patient)
        if page.data is None:
            return page
        data["orders"] += page.data["orders"]
        omitted = data["omitted"] = page.data["omitted"]
    return first
