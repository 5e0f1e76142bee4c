"""The page that a certificate's QR code opens: plain, readable, without assets from elsewhere.

It stands outside the API, since people reach it with nothing but a camera."""

from html import escape

from flask import Flask, Response, request

from core.clock import day_of
from core.crypto import mask_name
from core.errors import NotFound
from volunteer.papers import in_words
from volunteer.services import certificates

LONGEST = 64
"""Characters of a number or a code that are looked at."""

PAGE = """<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex"><meta name="referrer" content="no-referrer">
<title>服务记录证明查验</title>
<style>
body {{ font: 22px/1.7 system-ui, "PingFang SC", "Microsoft YaHei", sans-serif; color: #1a1a1a;
       background: #fff; max-width: 40rem; margin: 1.5rem auto; padding: 0 1rem; }}
h1 {{ font-size: 1.4em; }} dt {{ color: #444; }} dd {{ margin: 0 0 .6em; font-weight: 600; }}
.valid {{ color: #0a5c2b; }} .revoked {{ color: #a30f0f; }}
input, button {{ font: inherit; width: 100%; box-sizing: border-box; min-height: 60px;
       padding: 0 .5em; border: 2px solid #444; border-radius: 6px; }}
button {{ background: #0b57a4; color: #fff; border-color: #0b57a4; margin-top: .6em; }}
</style>
</head>
<body>
<main>
<h1>志愿服务记录证明查验</h1>
{content}
</main>
</body>
</html>
"""

FORM = """{said}
<form method="get">
<label for="check">请输入证明上的查验码</label>
<input id="check" name="check" autocomplete="off" autocapitalize="off" maxlength="64" required>
<button type="submit">查验</button>
</form>
"""

NOT_FOUND = "<p role='alert' class='revoked'>没有找到这份证明，请核对证明编号和查验码。</p>"

FOUND = """<p role="status" class="{state}"><strong>{verdict}</strong></p>
<dl>
<dt>证明编号</dt><dd>{number}</dd>
<dt>姓名</dt><dd>{name}</dd>
<dt>服务期间</dt><dd>{since} 至 {until}</dd>
<dt>签到时长（由签到、签退记录）</dt><dd>{verified}</dd>
<dt>补记时长（事后补记，经他人审核）</dt><dd>{honorary}</dd>
<dt>记录单位</dt><dd>{organizations}</dd>
<dt>出具单位</dt><dd>{issuer}</dd>
<dt>出具日期</dt><dd>{issued_on}</dd>
</dl>
<p>请核对以上内容与您手中的证明是否一致。为保护隐私，姓名只显示一部分。</p>
"""


def init_app(app: Flask) -> None:
    app.add_url_rule("/verify/<string:number>", "verify_certificate", verify_certificate)


def verify_certificate(number: str) -> Response:
    """What the certificate says and whether it holds; or a form that asks for the code."""
    check_code = request.args.get("check", "")
    if not check_code:
        return _page(FORM.format(said=f"<p>证明编号：{escape(number[:LONGEST])}</p>"))
    try:
        found = certificates.verify_apart(number[:LONGEST], check_code[:LONGEST])
    except NotFound:
        return _page(FORM.format(said=NOT_FOUND), status=404)
    return _page(_told(found))


def _told(found: certificates.Verification) -> str:
    certificate = found.certificate
    verdict = "这份证明真实有效"
    if certificate.revoked_at is not None:
        day = day_of(certificate.revoked_at).isoformat()
        verdict = f"这份证明已于 {day} 失效：{found.revoked_because}"
    return FOUND.format(
        state="valid" if found.is_valid else "revoked",
        verdict=verdict,
        number=escape(certificate.number),
        name=escape(mask_name(certificate.person.name)),
        since=certificate.from_day.isoformat(),
        until=certificate.to_day.isoformat(),
        verified=in_words(certificate.verified_minutes),
        honorary=in_words(certificate.honorary_minutes),
        organizations="<br>".join(escape(name) for name in found.organizations),
        issuer=escape(certificate.issuer.name),
        issued_on=day_of(certificate.issued_at).isoformat(),
    )


def _page(content: str, *, status: int = 200) -> Response:
    return Response(
        PAGE.format(content=content),
        status=status,
        content_type="text/html; charset=utf-8",
        headers={
            "Cache-Control": "no-store",
            "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline';"
            " form-action 'self'; frame-ancestors 'none'",
            "Referrer-Policy": "no-referrer",
        },
    )
