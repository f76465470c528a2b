"""The short way of `POST /orders` and `DELETE /orders/{order_id}`, inside uvicorn's HTTP protocol."""
