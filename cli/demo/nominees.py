"""The two campaigns of the demo and whom they recommend. Everybody here is invented."""

from dataclasses import dataclass

from cli.demo.content import id_number
from nominations.lifecycles import NomineeKind

GOOD_PEOPLE = "“许昌好人”季度评议（演示）"
MORAL_MODELS = "第五届许昌市道德模范评选（演示）"

NUMBERED_FROM = 500
"""Order digits of the nominees' ID numbers begin above those of the citizens."""


@dataclass(frozen=True, slots=True)
class Nominee:
    """`key` names the text in `deeds`; `site` is a civil-affairs code, `nominator` a citizen."""

    key: str
    name: str
    category: str
    site: str
    nominator: int
    summary: str
    kind: NomineeKind = NomineeKind.PERSON
    members_count: int | None = None
    representative_name: str | None = None
    born: int | None = None

    @property
    def id_number(self) -> str | None:
        """Of a person: valid, of nobody, and none of a citizen of the demo."""
        if self.born is None:
            return None
        return id_number(NUMBERED_FROM + self.nominator, self.born)


@dataclass(frozen=True, slots=True)
class Hint:
    """A clue; `giver` is a citizen, or None for somebody unknown on the phone."""

    name: str
    site: str
    giver: int | None
    text: str
    answer: str | None = None


CANDIDATES = (
    Nominee(
        "kiln_worker",
        "卢柏岭",
        "helping_others",
        "411081103",
        21,
        "神垕窑工，八年多里义务为四十三户独居和高龄老人查炉看烟、安装通风口，带出九名徒弟，"
        "登记过的人家再没有出过煤气险情。（演示）",
        born=1968,
    ),
    Nominee(
        "dawn_fleet",
        "“清晨五点半”车队",
        "helping_others",
        "411002011",
        22,
        "十九名出租车司机，清晨五点半接送透析病友，近六年两万一千多趟，无一趟误点。（演示）",
        NomineeKind.GROUP,
        19,
        "田守时",
    ),
    Nominee(
        "grafting_teacher",
        "孟春芽",
        "helping_others",
        "411024103",
        23,
        "失去两指的花农，十二年教残疾乡亲学嫁接、改出八种工具，带着二十六户人家靠手艺站起来。（演示）",
        born=1979,
    ),
    Nominee(
        "courier",
        "郑小川",
        "bravery",
        "411082104",
        24,
        "快递员，汛期用六根货物绑带结绳下水，救起两名被冲到涵洞口的孩子，自己两根肋骨骨裂。（演示）",
        born=1993,
    ),
    Nominee(
        "trucker",
        "高望山",
        "bravery",
        "411025103",
        25,
        "退伍汽车兵，大雾中封路、疏散、撬开驾驶室，救出侧翻油罐车司机，护住了坡下的小学。（演示）",
        born=1976,
    ),
    Nominee(
        "flour_miller",
        "陶满仓",
        "integrity",
        "411003101",
        26,
        "面粉坊主，用九年零一个月替去世的哥哥还清一百一十二户、三十八万六千元粮款。（演示）",
        born=1972,
    ),
    Nominee(
        "beekeeper",
        "丁香兰",
        "integrity",
        "411082111",
        27,
        "合作社养蜂人，当众处理两吨药残略超的蜂蜜，双倍退款召回三百二十瓶，立下每桶可查的规矩。（演示）",
        born=1981,
    ),
    Nominee(
        "village_doctor",
        "樊秋实",
        "dedication",
        "411025105",
        28,
        "乡村医生，背着父亲的药箱在三道山沟走了三十一年，门口的灯整夜亮着，灯亮就能敲门。（演示）",
        born=1970,
    ),
    Nominee(
        "leak_listener",
        "裴静安",
        "dedication",
        "411002001",
        29,
        "供水听漏工，二十一年夜行六万多公里，找到两千三百多处暗漏，守住一座城的水。（演示）",
        born=1977,
    ),
    Nominee(
        "mountain_teacher",
        "柳如坤",
        "dedication",
        "411081204",
        30,
        "山村教学点教师，二十七年一人教全科，用十二只粗瓷碗教出“碗琴”，送走三百四十一个孩子。（演示）",
        born=1974,
    ),
    Nominee(
        "daughter_in_law",
        "苗巧云",
        "filial_piety",
        "411024101",
        31,
        "二十二年照料中风的婆婆、患病的公公、糊涂的大伯和受伤的丈夫，写满十七本护理记录。（演示）",
        born=1975,
    ),
    Nominee(
        "stepson",
        "韩知远",
        "filial_piety",
        "411003106",
        32,
        "没有血缘的孙子，休学照料继父的父亲，又带着爷爷和母亲一起上完大学。（演示）",
        born=1999,
    ),
)

SUBMITTED = (
    Nominee(
        "mediator",
        "秦立本",
        "helping_others",
        "411002006",
        6,
        "退休职工，十年义务调解一千零四十六件邻里纠纷，一面镜子、一把卷尺、一壶茶。（演示）",
        born=1957,
    ),
    Nominee(
        "repairman",
        "邢广义",
        "integrity",
        "411081005",
        33,
        "家电维修匠，三十年坚持“修好再付”，给每件电器贴上安全期限，免费带出十六名徒弟。（演示）",
        born=1969,
    ),
)
"""They wait for a reviewer: the first in Weidu, the second elsewhere."""

SENT_BACK = Nominee(
    "granddaughter",
    "舒晓禾",
    "filial_piety",
    "411002010",
    5,
    "九年照料患阿尔茨海默病的奶奶，把照护办法画成漫画，带起十一个家庭互助。（演示）",
    born=1990,
)
MISSING = "事迹感人。请补充社区居委会的证明，并写明互助组近两年的具体情况，再提交。"

CLUES = (
    Hint(
        "秦立本",
        "411002006",
        34,
        "我们楼的秦师傅退休后天天帮邻居调解纠纷，十年没收过一分钱，街坊都服他，应该评好人。（演示）",
        "秦立本已有邻居推荐，正在审核，感谢您的线索。（演示）",
    ),
    Hint(
        "桂香早餐铺",
        "411002001",
        35,
        "西大街的桂香早餐铺，每天给环卫工人免费留二十份热粥，下雪天也没断过，已经第七年了。（演示）",
    ),
    Hint(
        "梁守田",
        "411002003",
        None,
        "来电反映：梁守田老人义务看护社区小游园九年，自己买工具修好桌椅，从不让人声张。（演示）",
    ),
)
"""One has an answer, two wait for the reviewer of Weidu."""
