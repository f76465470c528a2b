"""From refusals to the wire's errors."""

from openoutcry.domain.reasons import Reject
from openoutcry.protocol.responses import ApiError


def error_info(reject: Reject) -> ApiError:
    return ApiError(code=reject.code, message=reject.message, details=reject.details)
