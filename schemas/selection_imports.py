"""Imports of earlier honours and of collected nominations, and the rows of their files."""

from marshmallow import fields as ma

from nominations.lifecycles import HonorKind, NomineeKind
from nominations.models.honors import HonorLevel
from nominations.models.imports import SelectionImportKind
from nominations.models.nominations import NAME_MAX_CHARS
from nominations.services import honor_rows as honor
from nominations.services import nomination_rows as case
from nominations.services.import_places import COUNTY, TOWNSHIP, VILLAGE
from schemas.base import Schema
from schemas.fields import EnumValue, Identifier, Instant, QueryInteger, Text, UploadedFile
from schemas.honors import EARLIEST_YEAR
from schemas.import_rows import (
    NOBODYS_ID_NUMBER,
    KindValue,
    SheetChoice,
    SheetDay,
    SheetYesNo,
    kind_of,
)
from schemas.imports import ImportProgressOut
from schemas.nominations import DEEDS_MAX_CHARS, MEMBERS_MAX, SUMMARY_MAX_CHARS
from schemas.personal import IdNumber, PersonName, Phone
from volunteer.services.import_kinds import Kinds

LEVELS = {
    "区县级": HonorLevel.COUNTY,
    "市级": HonorLevel.CITY,
    "省级": HonorLevel.PROVINCE,
    "国家级": HonorLevel.NATION,
}
HONOR_KINDS = {
    "好人": HonorKind.GOOD_PERSON,
    "道德模范": HonorKind.MORAL_MODEL,
    "最美家庭": HonorKind.FAMILY,
    "诚信单位": HonorKind.INTEGRITY_UNIT,
}
NOMINEE_KINDS = {
    "个人": NomineeKind.PERSON,
    "群体": NomineeKind.GROUP,
    "家庭": NomineeKind.FAMILY,
    "单位": NomineeKind.UNIT,
}


class SelectionImportIn(Schema):
    file = UploadedFile(required=True, metadata={"description": ".xlsx 或 .csv，不超过 10 MiB"})
    kind = EnumValue(SelectionImportKind, required=True)
    site_id = Identifier(
        required=True, metadata={"description": "由哪个阵地导入；各行的所在地须在其范围内"}
    )
    campaign_id = Identifier(metadata={"description": "nominations：推荐参加的活动"})
    note = Text(
        required=True, min_length=4, max_length=200, metadata={"description": "这些记录的来源"}
    )


class SelectionImportTemplateQuery(Schema):
    kind = EnumValue(SelectionImportKind, required=True)


class SelectionImportOut(ImportProgressOut):
    kind = KindValue(SelectionImportKind, required=True)
    site_id = Identifier(required=True)
    site_name = ma.String(attribute="site.name", required=True)


class NominationSourceOut(Schema):
    import_id = Identifier(required=True)
    note = ma.String(
        required=True, attribute="source.note", metadata={"description": "这批记录的来源"}
    )
    paper_nominator = ma.String(
        required=True, allow_none=True, metadata={"description": "纸质材料上的推荐人或推荐单位"}
    )
    imported_at = Instant(required=True, attribute="source.confirmed_at")


class HonorRow(Schema):
    name = Text(
        required=True,
        min_length=2,
        max_length=NAME_MAX_CHARS,
        data_key=honor.NAME,
        metadata={"example": "张三"},
    )
    nominee_kind = SheetChoice(
        NOMINEE_KINDS, required=True, data_key="对象类型", metadata={"example": "个人"}
    )
    id_number = IdNumber(data_key=honor.ID_NUMBER, metadata={"example": NOBODYS_ID_NUMBER})
    kind = SheetChoice(
        HONOR_KINDS, required=True, data_key="荣誉类型", metadata={"example": "好人"}
    )
    level = SheetChoice(LEVELS, required=True, data_key=honor.LEVEL, metadata={"example": "市级"})
    category = Text(
        required=True, max_length=20, data_key=honor.CATEGORY, metadata={"example": "助人为乐"}
    )
    title = Text(
        required=True,
        min_length=2,
        max_length=48,
        data_key="荣誉称号",
        metadata={"example": "许昌好人"},
    )
    issue = Text(max_length=30, data_key="期次", metadata={"example": "2014年第三季度"})
    year = QueryInteger(
        required=True,
        minimum=EARLIEST_YEAR,
        maximum=2100,
        data_key=honor.YEAR,
        metadata={"example": "2014"},
    )
    document_number = Text(
        required=True,
        min_length=2,
        max_length=60,
        data_key=honor.DOCUMENT,
        metadata={"example": "许文明〔2014〕12号"},
    )
    granted_on = SheetDay(required=True, data_key="授予日期", metadata={"example": "2014-10-10"})
    county = Text(max_length=40, data_key=COUNTY, metadata={"example": "魏都区"})
    township = Text(max_length=40, data_key=TOWNSHIP, metadata={"example": "西大街街道"})
    summary = Text(
        required=True,
        max_length=SUMMARY_MAX_CHARS,
        data_key="事迹简介",
        metadata={"example": "十年照顾孤寡老人"},
    )
    is_posthumous = SheetYesNo(data_key="追授", metadata={"example": "否"})
    may_publish = SheetYesNo(required=True, data_key="同意公开姓名", metadata={"example": "是"})


class NominationRow(Schema):
    """The rules of the campaign may ask for less or more of each text; they are asked later."""

    nominee_name = Text(
        required=True,
        min_length=2,
        max_length=NAME_MAX_CHARS,
        data_key=case.NAME,
        metadata={"example": "张三"},
    )
    nominee_kind = SheetChoice(
        NOMINEE_KINDS, required=True, data_key=case.NOMINEE_KIND, metadata={"example": "个人"}
    )
    nominee_id_number = IdNumber(data_key=case.ID_NUMBER, metadata={"example": NOBODYS_ID_NUMBER})
    nominee_phone = Phone(data_key="手机号码", metadata={"example": "13900000000"})
    category = Text(
        required=True, max_length=20, data_key=case.CATEGORY, metadata={"example": "助人为乐"}
    )
    county = Text(max_length=40, data_key=COUNTY, metadata={"example": "魏都区"})
    township = Text(max_length=40, data_key=TOWNSHIP, metadata={"example": "西大街街道"})
    village = Text(max_length=40, data_key=VILLAGE)
    nominee_unit = Text(max_length=60, data_key="单位", metadata={"example": "某某公司"})
    nominee_address = Text(max_length=100, data_key="住址")
    is_party_member = SheetYesNo(data_key="中共党员", metadata={"example": "否"})
    is_public_staff = SheetYesNo(data_key="公职人员", metadata={"example": "否"})
    is_in_business = SheetYesNo(data_key="经商办企业", metadata={"example": "否"})
    members_count = QueryInteger(minimum=2, maximum=MEMBERS_MAX, data_key=case.MEMBERS)
    representative_name = PersonName(data_key=case.REPRESENTATIVE)
    earlier_honors = Text(max_length=200, data_key="曾获荣誉")
    deceased_on = SheetDay(data_key=case.DIED_ON)
    summary = Text(
        required=True,
        max_length=SUMMARY_MAX_CHARS,
        data_key=case.SUMMARY,
        metadata={"example": "十年照顾孤寡老人"},
    )
    short_deeds = Text(max_length=300, multiline=True, data_key=case.SHORT_DEEDS)
    deeds = Text(
        required=True,
        max_length=DEEDS_MAX_CHARS,
        multiline=True,
        data_key=case.DEEDS,
        metadata={"example": "（按活动要求的字数填写）"},
    )
    paper_nominator = Text(
        max_length=60, data_key="推荐人或推荐单位", metadata={"example": "西大街社区"}
    )


KINDS: Kinds = {
    SelectionImportKind.HONORS: kind_of(HonorRow(), honor.HonorRows()),
    SelectionImportKind.NOMINATIONS: kind_of(NominationRow(), case.NominationRows()),
}
