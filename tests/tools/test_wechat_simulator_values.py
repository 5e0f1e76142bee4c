"""The values of a subscribe message, by the type of their key (wire facts 1.5)."""

import pytest

from tools.wechat_simulator.values import refusal_of


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("thing1", "二十个字" * 5),
        ("number2", "12.5"),
        ("letter3", "abc"),
        ("symbol1", "!?"),
        ("character_string4", "XC-2026/0001"),
        ("time5", "2019年10月1日 15:01"),
        ("time5", "09:00~11:30"),
        ("date6", "2026-03-05 09:00"),
        ("date6", "2026年3月5日~2026年3月6日"),
        ("amount7", "￥12.50元"),
        ("phone_number8", "0374-12345678"),
        ("car_number9", "豫K12345"),
        ("name10", "张三"),
        ("name10", "Zhang San"),
        ("phrase11", "已通过"),
        ("enum12", "any"),
    ],
)
def test_values_that_pass(key: str, value: str) -> None:
    assert refusal_of({key: {"value": value}}) is None


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("thing1", ""),
        ("thing1", "二十个字" * 5 + "多"),
        ("thing1", "一行\n两行"),
        ("thing", "没有编号"),
        ("thing0", "零"),
        ("unknown1", "x"),
        ("number2", "十二"),
        ("letter3", "a1"),
        ("symbol1", "a"),
        ("character_string4", "编号1"),
        ("character_string4", "x" * 33),
        ("time5", "25:00"),
        ("time5", "09:00～11:30"),
        ("time5", "2026-03-05T09:00:00+08:00"),
        ("date6", "2026-03/05"),
        ("amount7", "12345678901"),
        ("phone_number8", "1" * 18),
        ("car_number9", "豫K12345678"),
        ("name10", "十一个字十一个字十一个"),
        ("phrase11", "已通过!"),
        ("phrase11", "六个字的短语"),
    ],
)
def test_values_that_name_their_field(key: str, value: str) -> None:
    refused = refusal_of({"phrase1": {"value": "已通过"}, key: {"value": value}})
    assert refused is not None
    assert refused.errcode == 47003
    assert f"data.{key}.value" in refused.errmsg
