"""Certificates of the record of service."""

from typing import Any
from uuid import UUID

from accounts.permissions import Permission
from core.actor import Actor
from core.http import (
    Blueprint,
    body,
    errors,
    paged,
    permission,
    prepare,
    public,
    query,
    returns,
    returns_file,
)
from core.paging import Page, PageRequest
from schemas.certificates import (
    CertificateCheckQuery,
    CertificateIn,
    CertificateOut,
    VerificationOut,
)
from volunteer.errors import CertificateRevoked, NothingToCertify, TooManyCertificates
from volunteer.models.certificates import Certificate
from volunteer.services import certificate_sheets, certificates

blueprint = Blueprint("certificates", __name__, description="服务记录证明")


@blueprint.post("/me/certificates")
@permission(Permission.VOLUNTEER_CERTIFICATE_ISSUE)
@body(CertificateIn)
@returns(CertificateOut, 201)
@errors(NothingToCertify, TooManyCertificates)
def issue(actor: Actor, *, body: dict[str, Any]) -> Certificate:
    """开具我的服务记录证明；内容相同时返回已有的那一份"""
    return certificates.issue(actor, **body)


@blueprint.get("/me/certificates")
@permission(Permission.VOLUNTEER_CERTIFICATE_VIEW)
@paged
@returns(CertificateOut)
def list_own(actor: Actor, *, page: PageRequest) -> Page[Certificate]:
    """我的服务记录证明"""
    return certificates.list_own(actor, page)


@blueprint.post("/persons/<uuid:person_id>/certificates")
@permission(Permission.VOLUNTEER_CERTIFICATE_ISSUE_FOR)
@body(CertificateIn)
@returns(CertificateOut, 201)
@errors(NothingToCertify, TooManyCertificates)
def issue_for(actor: Actor, *, person_id: UUID, body: dict[str, Any]) -> Certificate:
    """帮办员在窗口为本人开具服务记录证明"""
    return certificates.issue_for(actor, person_id, **body)


@blueprint.get("/certificates/<string:number>.pdf")
@permission(Permission.VOLUNTEER_CERTIFICATE_VIEW)
@prepare(certificate_sheets.render)
@returns_file("application/pdf")
@errors(CertificateRevoked)
def view_pdf(_actor: Actor, *, number: str, prepared: bytes) -> tuple[bytes, dict[str, str]]:
    """证明的 PDF，供打印"""
    return prepared, {"Content-Disposition": f'inline; filename="{number}.pdf"'}


@blueprint.get("/certificates/<string:number>/verify")
@public
@query(CertificateCheckQuery)
@returns(VerificationOut)
def verify(_actor: Actor, *, number: str, query: dict[str, Any]) -> certificates.Verification:
    """凭证明编号和查验码查验真伪"""
    return certificates.verify(number, query["check"])
