"""The public log: ranges and sizes that are asked for, proofs and keys that are answered."""

from marshmallow import fields as ma

from schemas.base import Schema
from schemas.fields import QueryInteger

MOST = 2_000_000_000


class LeafQuery(Schema):
    begin = QueryInteger(
        data_key="from",
        load_default=0,
        minimum=0,
        maximum=MOST,
        metadata={"description": "第一条的序号，从 0 起"},
    )
    end = QueryInteger(
        data_key="to",
        minimum=0,
        maximum=MOST,
        metadata={"description": "到这一条之前为止；一次最多 1000 条"},
    )


class InclusionQuery(Schema):
    leaf = QueryInteger(
        required=True, minimum=0, maximum=MOST, metadata={"description": "条目的序号"}
    )
    size = QueryInteger(
        minimum=1, maximum=MOST, metadata={"description": "日志长度，默认为最新校验点的长度"}
    )


class ConsistencyQuery(Schema):
    old = QueryInteger(
        data_key="from",
        required=True,
        minimum=0,
        maximum=MOST,
        metadata={"description": "较早的日志长度"},
    )
    size = QueryInteger(
        data_key="to",
        minimum=0,
        maximum=MOST,
        metadata={"description": "较晚的日志长度，默认为最新校验点的长度"},
    )


class ProofOut(Schema):
    size = ma.Integer(required=True, metadata={"description": "证明所针对的日志长度"})
    hashes = ma.List(
        ma.String(),
        attribute="in_hex",
        required=True,
        metadata={"description": "十六进制哈希值，按 RFC 9162 的顺序"},
    )


class LogKeyOut(Schema):
    origin = ma.String(required=True, metadata={"description": "日志的名称"})
    algorithm = ma.String(required=True, metadata={"description": "哈希算法"})
    key = ma.String(required=True, metadata={"description": "签名公钥（C2SP vkey）"})
    witnesses = ma.List(
        ma.String(), required=True, metadata={"description": "可以见证签名的其他公钥"}
    )
