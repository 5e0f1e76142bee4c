"""The plain page at `/`: what runs here, and where to look."""

from flask import Flask, Response

PAGE = """<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>莲城</title>
<style>
body { font: 18px/1.7 system-ui, "PingFang SC", "Microsoft YaHei", sans-serif; color: #222;
       max-width: 40rem; margin: 3rem auto; padding: 0 1rem; }
h1 { font-size: 1.6rem; } a { color: #0b57a4; } code { background: #f2f2f2; padding: 0 .3em; }
</style>
</head>
<body>
<h1>莲城 · 许昌志愿服务与身边好人</h1>
<p>这里运行的是小程序的后台服务。市民报名志愿活动、签到、查询时长，推荐和评议身边好人；
工作人员审核与管理。</p>
<ul>
<li><a href="/api/docs">接口文档</a>（<a href="/api/openapi.json">OpenAPI</a>）</li>
<li><a href="/readyz">运行状态</a> · <a href="/metrics">指标</a></li>
<li><a href="/api/v1/activities">正在招募的活动</a> · <a href="/api/v1/campaigns">评选活动</a>
 · <a href="/api/v1/actions">七大行动</a></li>
</ul>
<p>试用账号在启动窗口里，也写在数据目录的 <code>demo-accounts.json</code> 中。</p>
</body>
</html>
"""


def init_app(app: Flask) -> None:
    app.add_url_rule("/", "home", lambda: Response(PAGE, content_type="text/html; charset=utf-8"))
