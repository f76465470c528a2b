"""What the gateway makes of Litestar: our decoding, admission and answers; its routing and its OpenAPI document."""
