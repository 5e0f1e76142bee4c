"""Refusals about services that citizens order."""

from core.errors import DomainError, Kind


class TooManyServiceRequests(DomainError):
    """Details carry the `limit`."""

    kind = Kind.CONFLICT
    code = "too_many_service_requests"
    message = "您还有 10 个点单没有办结，请等其中一个办结或撤回后再点单"


class ServiceRequestTaken(DomainError):
    """Another team was first."""

    kind = Kind.CONFLICT
    code = "service_request_taken"
    message = "这个点单刚刚被其他队伍接走了"


class OwnService(DomainError):
    """Nobody judges what their own team did, or their own complaint."""

    kind = Kind.FORBIDDEN
    code = "own_service"
    message = "不能评价或处理自己队伍的服务，请由其他人办理"
