"""What looks like the same nominee, and what does not."""

import random
from dataclasses import replace

import pytest

from cli.demo.deeds import DEEDS
from nominations.lifecycles import NomineeKind
from nominations.similarity import CERTAIN, Case, compare, normalized

WEIDU, CHANGGE = "/411000/411002/", "/411000/411082/"
DOCTOR = Case(
    "樊秋实",
    NomineeKind.PERSON,
    WEIDU,
    None,
    "乡村医生，背着父亲的药箱在三道山沟走了三十一年。",
    DEEDS["village_doctor"],
)
LISTENER = Case(
    "裴静安",
    NomineeKind.PERSON,
    WEIDU,
    None,
    "供水听漏工，二十一年夜行六万多公里，守住一座城的水。",
    DEEDS["leak_listener"],
)


def shuffled(text: str) -> str:
    sentences = text.split("。")
    random.Random(1).shuffle(sentences)
    return "。".join(sentences)


def every_fifth_replaced(text: str) -> str:
    return "".join("某" if n % 5 == 0 else c for n, c in enumerate(text))


def score(one: Case, other: Case) -> int:
    found = compare(one, other)
    return found.score if found else 0


def test_the_same_id_number_is_certain_whatever_else_differs() -> None:
    one, other = replace(DOCTOR, id_number_index=b"x"), replace(LISTENER, id_number_index=b"x")
    found = compare(one, other)
    assert found is not None
    assert (found.score, found.is_certain, found.reasons[0]) == (CERTAIN, True, "身份证号码相同")


def test_of_two_numbers_the_same_name_says_nothing() -> None:
    namesake = replace(LISTENER, name=DOCTOR.name, id_number_index=b"x")
    assert compare(namesake, replace(DOCTOR, id_number_index=b"y")) is None
    copied = replace(DOCTOR, id_number_index=b"x")
    found = compare(copied, replace(DOCTOR, id_number_index=b"y"))
    assert found is not None
    assert found.reasons == ("简介相似（100%）", "事迹相似（100%）")
    assert not found.is_certain


def test_a_name_weighs_more_in_the_same_county() -> None:
    namesake = replace(LISTENER, name=DOCTOR.name)
    near, far = compare(DOCTOR, namesake), compare(DOCTOR, replace(namesake, county=CHANGGE))
    assert near is not None
    assert far is not None
    assert near.score > far.score
    assert near.reasons == ("名称相同，同一县（市、区）",)
    assert far.reasons == ("名称相同，不同县（市、区）",)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("阿依古丽·买买提", "阿依古丽 买买提"),
        ("“清晨五点半”车队", "清晨五点半车队"),
        ("ＡＢＣ超市", "abc超市"),
    ],
)
def test_names_are_the_same_without_dots_quotes_and_width(one: str, other: str) -> None:
    assert normalized(one) == normalized(other)


def test_names_may_be_alike_but_not_those_of_persons() -> None:
    shop = replace(DOCTOR, name="许昌市魏都区老味道面馆", kind=NomineeKind.UNIT)
    same = replace(LISTENER, name="魏都区老味道面馆", kind=NomineeKind.UNIT)
    found = compare(shop, same)
    assert found is not None
    assert found.reasons == ("名称相近，同一县（市、区）",)
    assert compare(shop, replace(same, name="文峰路修车铺")) is None
    assert compare(replace(DOCTOR, name="张小伟"), replace(LISTENER, name="张大伟")) is None


@pytest.mark.parametrize(
    "change", [shuffled, every_fifth_replaced, lambda text: text[: len(text) // 2]]
)
def test_a_text_is_known_again(change: object) -> None:
    assert callable(change)
    again = replace(LISTENER, deeds=change(DOCTOR.deeds))
    found = compare(DOCTOR, again)
    assert found is not None
    assert found.reasons[0].startswith("事迹相似")


def test_the_same_deed_in_other_words_is_known_by_its_summary() -> None:
    one = replace(DOCTOR, summary="十年如一日照料村里孤寡老人")
    found = compare(one, replace(LISTENER, summary="十年照顾孤寡老人"))
    assert found is not None
    assert found.reasons == ("简介相似（66%）",)


@pytest.mark.parametrize("key", [k for k in DEEDS if k != "village_doctor"])
def test_different_people_are_not_alike(key: str) -> None:
    other = replace(LISTENER, name="甲", deeds=DEEDS[key])
    assert compare(DOCTOR, other) is None
    assert compare(other, DOCTOR) is None


def test_more_reasons_make_more_likely_and_never_certain() -> None:
    assert score(DOCTOR, replace(LISTENER, name=DOCTOR.name)) < score(DOCTOR, DOCTOR) < CERTAIN


def test_empty_texts_speak_for_nothing() -> None:
    one = replace(DOCTOR, summary="", deeds="")
    assert compare(one, replace(one, name="甲")) is None
    assert compare(replace(one, name="——"), replace(one, name="！！")) is None
