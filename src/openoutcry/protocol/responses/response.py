"""The shape of every answer."""

from typing import Any, Generic, TypeVar

from msgspec import Struct

from openoutcry.domain.reasons import ErrorCode

T = TypeVar("T")


class ApiError(Struct, kw_only=True):
    code: ErrorCode
    message: str
    details: dict[str, Any] | None = None


class ApiResponse(Struct, Generic[T], kw_only=True):
    """All six fields are always present; absent values are null. `timestamp` is ISO 8601 UTC with microseconds."""

    success: bool
    request_id: str
    order_id: str | None = None
    data: T | None = None
    error: ApiError | None = None
    timestamp: str
