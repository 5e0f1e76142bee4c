"""The lists of good people beside the one in assessment: whom they recommend, and what became of
them. Everybody here is invented."""

from dataclasses import dataclass

from cli.demo import content
from cli.demo.nominees import Nominee
from nominations.lifecycles import NomineeKind

JUDGED = "许昌好人·行业榜样推选（演示）"
ON_NOTICE = "许昌好人·乡村榜样推选（演示）"

DEEDS_MIN = 200
"""Characters; these lists ask for a short text."""

HONORED_CITIZEN = 61
"""Has an account, and so a card of courtesies."""


@dataclass(frozen=True, slots=True)
class OwnAccount(Nominee):
    """A nominee who is a citizen of the demo."""

    citizen: int = HONORED_CITIZEN

    @property
    def id_number(self) -> str | None:
        return content.CITIZENS[self.citizen - 1].id_number(self.born or 0)


CONCLUDED = (
    OwnAccount(
        "portraits",
        "舒清源",
        "helping_others",
        "411003101",
        34,
        "修图师，五年走了四十七个村，给三千一百多位老人免费拍下笑脸。（演示）",
    ),
    Nominee(
        "night_electrician",
        "焦向南",
        "helping_others",
        "411002006",
        35,
        "社区电工，六年夜里义务修好楼道灯一千二百多处，带起一支“点灯队”。（演示）",
        born=1971,
    ),
    Nominee(
        "barber_cart",
        "岑广田",
        "helping_others",
        "411024101",
        36,
        "推着理发车走乡村，十一年为出不了门的人义务理发两万三千多次。（演示）",
        born=1963,
    ),
    Nominee(
        "bus_driver",
        "薄正阳",
        "bravery",
        "411002010",
        37,
        "公交司机，从起火的三轮车上救下一位老人和两个孩子，右臂烫伤。（演示）",
        born=1979,
    ),
    Nominee(
        "bridge_three",
        "“石桥三人”",
        "bravery",
        "411025103",
        38,
        "三位村民洪水中拉一根缆绳，七趟背出六个孩子和司机。（演示）",
        NomineeKind.GROUP,
        3,
        "孟河生",
    ),
    Nominee(
        "seed_seller",
        "蔺长河",
        "integrity",
        "411082111",
        39,
        "种子店主，上门赔付一百零八户二十一万元，立下门口育苗的规矩。（演示）",
        born=1974,
    ),
    Nominee(
        "street_cleaner",
        "宫秀莲",
        "integrity",
        "411002001",
        40,
        "环卫工，十六年拾到财物三十九次，次次等到失主或交公。（演示）",
        born=1966,
    ),
    Nominee(
        "paramedic",
        "康玉梅",
        "dedication",
        "411081005",
        41,
        "急救护士，手绘一百三十七个村的路口图，车上接生四十一个孩子。（演示）",
        born=1975,
    ),
    Nominee(
        "line_walker",
        "晏北辰",
        "dedication",
        "411024103",
        42,
        "巡线工，二十年走坏六十多双胶鞋，报出二百多处隐患。（演示）",
        born=1980,
    ),
    Nominee(
        "deaf_parents",
        "苏小满",
        "filial_piety",
        "411002011",
        43,
        "从三岁起替听不见的父母当耳朵，把家里的手势教给四百多人。（演示）",
        born=1991,
    ),
    Nominee(
        "four_elders",
        "花玉芳",
        "filial_piety",
        "411081103",
        44,
        "三十一年照料四位老人，四块小黑板写满吃药翻身的钟点。（演示）",
        born=1965,
    ),
)
"""In a category the earlier has the better marks: the third of the first is not selected."""

DISPUTED, OBJECTOR = "deaf_parents", 33
"""Whose notice stood still, and who had objected."""
LISTED, NOT_LISTED, SENT = "paramedic", "night_electrician", "four_elders"
"""Recommended to the province and the nation, with what came of it."""
REVOKED = "seed_seller"
VISITED = "four_elders"

NOTICED = (
    Nominee(
        "charging_cabin",
        "田秋收",
        "helping_others",
        "411002006",
        45,
        "退休钳工，自建小区充电屋，三年没有一次险情，图纸教给二十六个小区。（演示）",
        born=1958,
    ),
    Nominee(
        "lost_and_found",
        "邵一鸣",
        "helping_others",
        "411082104",
        46,
        "出租车司机，十年拉起一千六百人的寻人群，找回一百八十多位走失的人。（演示）",
        born=1984,
    ),
    Nominee(
        "honest_scale",
        "纪小楼",
        "integrity",
        "411002001",
        47,
        "豆腐摊主，自费摆一杆公平秤十四年，替人要回短少的斤两。（演示）",
        born=1977,
    ),
    Nominee(
        "veterinarian",
        "路长青",
        "dedication",
        "411025105",
        48,
        "乡村兽医，二十八年随叫随到，带出二十二名徒弟，写下三本病例手册。（演示）",
        born=1973,
    ),
    Nominee(
        "letters_home",
        "温雨桐",
        "filial_piety",
        "411024101",
        49,
        "九年为失明的奶奶念爷爷的信，寻回四封，带同学给烈属念信写信。（演示）",
        born=1998,
    ),
)
"""One of each category is on notice; the second of the first is next in line."""

QUESTIONED, QUESTIONER = "honest_scale", 32
"""An objection against this one waits to be handled."""

TO_JUDGE = (
    Nominee(
        "water_carrier",
        "章水生",
        "helping_others",
        "411002011",
        50,
        "送水工，十二年背水上楼，三百多扇门后贴着他的平安红纸。（演示）",
        born=1969,
    ),
    Nominee(
        "quarry_rescue",
        "雷鸣山",
        "bravery",
        "411025103",
        51,
        "护林员，两下采石坑救出两名学生，在齐胸的水里扛着孩子站了一个多小时。（演示）",
        born=1967,
    ),
    Nominee(
        "tile_maker",
        "秦石磊",
        "integrity",
        "411081204",
        52,
        "烧瓦匠，自费换下两万四千片已上房的瓦，片片刻号，终身认账。（演示）",
        born=1976,
    ),
    Nominee(
        "seed_library",
        "谢春泥",
        "dedication",
        "411024103",
        59,
        "农技员，二十六年收集六百四十一种老种子，抗病菜种免费分给四百多户。（演示）",
        born=1970,
    ),
    Nominee(
        "two_mothers",
        "葛红缨",
        "filial_piety",
        "411003106",
        54,
        "把重病的生母接到养母身边，七年一盆水两双脚，同样侍奉两位母亲。（演示）",
        born=1985,
    ),
)

PANEL = (56, 57, 58, 59, 60)
"""Citizens who judge; the fourth has recommended one of the candidates and is recused."""
SUBMITTED, HALF_WAY = (56, 57), 58
"""Who has judged all, and who a part; the others have not begun."""
