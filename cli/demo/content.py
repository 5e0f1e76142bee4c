"""What the demo consists of: people, organisations, projects and activities, all invented.

Names carry 「演示」, so that nobody takes them for real. ID numbers begin with 419999, a place
that was never assigned: they are valid in form and can belong to nobody.
"""

from dataclasses import dataclass

from accounts.permissions import Role
from volunteer.actions import Action

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_CHARACTERS = "10X98765432"
NEVER_ASSIGNED = "419999"


@dataclass(frozen=True, slots=True)
class StaffMember:
    """`site` is a civil-affairs code; an administrator's scope is the whole city. A supervisor's
    are selections, which an administrator grants."""

    username: str
    password: str
    totp_secret: str
    role: Role
    name: str
    scope: str
    site: str | None = None


STAFF = (
    StaffMember(
        "demo-admin",
        "Liancheng-demo-admin",
        "DEMOADMINDEMOADMINDEMOADMIN2222A",
        Role.ADMIN,
        "演示市管理员",
        "许昌市",
    ),
    StaffMember(
        "demo-weidu",
        "Liancheng-demo-weidu",
        "DEMOWEIDUDEMOWEIDUDEMOWEIDU2222B",
        Role.SITE_STAFF,
        "演示魏都区中心工作人员",
        "魏都区",
        "411002",
    ),
    StaffMember(
        "demo-city",
        "Liancheng-demo-city",
        "DEMOCITYDEMOCITYDEMOCITYDEMO222C",
        Role.SITE_STAFF,
        "演示市中心工作人员",
        "许昌市",
        "411000",
    ),
    StaffMember(
        "demo-review-weidu",
        "Liancheng-demo-review-weidu",
        "DEMOREVIEWWEIDUDEMOREVIEWWEIDU2D",
        Role.REVIEWER,
        "演示魏都区审核员",
        "魏都区",
        "411002",
    ),
    StaffMember(
        "demo-review-city",
        "Liancheng-demo-review-city",
        "DEMOREVIEWCITYDEMOREVIEWCITY222E",
        Role.REVIEWER,
        "演示市审核员",
        "许昌市",
        "411000",
    ),
    StaffMember(
        "demo-helper-weidu",
        "Liancheng-demo-helper-weidu",
        "DEMOHELPERDEMOHELPERDEMOHELPER2F",
        Role.HELPER,
        "演示魏都区帮办员",
        "魏都区",
        "411002",
    ),
    StaffMember(
        "demo-deputy",
        "Liancheng-demo-deputy",
        "DEMODEPUTYDEMODEPUTYDEMODEPUTY2G",
        Role.ADMIN,
        "演示市管理员（副）",
        "许昌市",
    ),
    StaffMember(
        "demo-supervisor",
        "Liancheng-demo-supervisor",
        "DEMOSUPERVISORDEMOSUPERVISOR222H",
        Role.SUPERVISOR,
        "演示监督员",
        "评审中和公示中的评选",
    ),
    StaffMember(
        "demo-moderator",
        "Liancheng-demo-moderator",
        "DEMOMODERATORDEMOMODERATOR22222I",
        Role.MODERATOR,
        "演示内容审核员",
        "许昌市",
        "411000",
    ),
    StaffMember(
        "demo-partner",
        "Liancheng-demo-partner",
        "DEMOPARTNERDEMOPARTNERDEMOPART2J",
        Role.PARTNER,
        "演示礼遇合作单位",
        "许昌市",
        "411000",
    ),
)

NAMES = (
    "秦晓岚 马东升 许春和 田雨晴 贺明远 邵秋菊 段立冬 - 岳小满 石建业",
    "葛文慧 庞振华 乔玉兰 靳海涛 侯雪莹 申国庆 祁红霞 牛志勇 师佳宁 苗丰收",
    "党云飞 袁桂芝 寇长青 郎静怡 滑新春 路平安 鲍月娥 尚进步 武思源 郜清荷",
    "晁子轩 娄美玲 巩铁军 符若兰 柴永胜 栗金凤 桑一鸣 翟素梅 仝家豪 冀彩云",
    "单修竹 屈建军 扈灵秀 边守义 逯青松 茹梦瑶 华向阳 袁野 訾巧珍 何顺利",
    "谭如菊 权家兴 楚天舒 连心月 隋国安 殷晴雪 顾万里 胡开艳 谢春雷 冯禾 舒清源 巩小禾",
)
"""Of citizen 1, 2, …; a dash has no real name yet."""

NOTES = {
    1: "莲城暖阳志愿服务队的组织者；“体验场”的负责人，能出示签到码；"
    "有入队申请、待定的报名和一份补记等着办，还能确认昨天漏签退的离开时间",
    2: "每周值守许昌东站，超过 100 小时，已获一星；“体验场”已报名，现在就能签到",
    3: "在一个报满的场次排在候补第一位；“体验场”已报名",
    4: "昨天在服务大集漏了签退，等负责人确认离开时间",
    5: "推荐了一位道德模范人选，被退回，需要补充后重新提交",
    6: "推荐了一位道德模范人选，正等待审核",
    7: "已实名，还没有投票，也没有报名：可以从头走一遍",
    8: "没有实名登记：先同意授权、登记姓名和身份证号，才能报名",
    9: "刚刚申请成立一个志愿服务组织，等魏都区审核",
    10: "“体验场”和昨天服务大集的副负责人，也能出示签到码",
    11: "一星志愿者；一次申诉成立，时长已更正：一份证明因此失效，另一份有效，可下载和核验",
    12: "一星志愿者，也是莲城暖阳的第二位管理员；连着审核了三份补记，系统因此提醒阵地工作人员查看",
    13: "一星志愿者；上周六服务 10 小时，超过 8 小时的部分等阵地审核",
    21: "点过单，也提过建议，消息里有市里的答复",
    28: "一份补记公示期满，已计入补记时长，和签到时长分开列出",
    30: "上周六手机没电没能签到，补记正在组织内公示",
    32: "补记在公示中被队友提出异议，等阵地工作人员核查；也对一位公示中的人选提出了异议",
    33: "巩小禾的监护人，已同意她参加志愿服务；自己有一份补记等审核",
    34: "报满的场次空出一个名额，正为 TA 保留，限时确认",
    35: "上周六中午离开，不足六成没有计入，已提出申诉，等处理",
    37: "申请加入莲城暖阳，等组织者审核",
    42: "昨天由负责人代为登记签到签退，等本人确认后计入",
    56: "评委：“行业榜样推选”的候选人都评完并提交了",
    57: "评委：同上，已提交",
    58: "评委：已评两人，还有三人没有评，可以接着评、改分、提交",
    59: "评委：推荐过一位候选人，对 TA 回避；其余四人还没有评",
    60: "评委：五位候选人都还没有评，可以从头走一遍",
    61: "光荣榜上的“许昌好人”：有礼遇卡，二维码可由合作单位核验，体检已用过一次",
    62: "15 岁，监护人已同意，是莲城暖阳的成员；有人身风险的活动不招募 TA",
}
"""What each of the first citizens is good for in a trial."""

REGULARS = (2, 11, 12, 13)
"""They keep the long post at the station and pass 100 hours."""

OFFERED = 34
"""To this one the next free seat of the full activity is offered."""
BACKFILLED = 28
"""Whose backfill is recorded."""
MINOR, MINOR_AGE = 62, 15
GUARDIAN = 33


@dataclass(frozen=True, slots=True)
class Citizen:
    """`name` is None without a real name."""

    number: int
    name: str | None

    @property
    def openid(self) -> str:
        return f"o-demo-citizen-{self.number:02d}"

    @property
    def note(self) -> str:
        return NOTES.get(self.number, "志愿者")

    def id_number(self, year: int) -> str:
        """For a demo loaded in `year`: the minor is one whenever that is."""
        born = year - MINOR_AGE if self.number == MINOR else 1955 + self.number * 7 % 50
        return id_number(self.number, born)


def id_number(number: int, born: int) -> str:
    """A valid number that belongs to nobody: born on 1 January, where no code was given."""
    digits = f"{NEVER_ASSIGNED}{born}0101{number:03d}"
    check = sum(int(d) * w for d, w in zip(digits, WEIGHTS, strict=True)) % 11
    return digits + CHECK_CHARACTERS[check]


CITIZENS = tuple(
    Citizen(number, None if name == "-" else name)
    for number, name in enumerate(" ".join(NAMES).split(), start=1)
)


@dataclass(frozen=True, slots=True)
class OrganizationText:
    key: str
    name: str
    site: str
    organizer: int
    summary: str


ORGANIZATIONS = (
    OrganizationText(
        "sun",
        "莲城暖阳志愿服务队（演示）",
        "411002001",
        1,
        "由西大街街道居民发起，平日陪老人、守站台、护河道，谁有半天空闲都能来。",
    ),
    OrganizationText(
        "campus",
        "青禾学子志愿者协会（演示）",
        "XCSFQ",
        14,
        "由在许高校学生组成，与文明实践中心结对，按课表排服务，按学期做评价。",
    ),
    OrganizationText(
        "kiln",
        "神垕窑火非遗传习志愿队（演示）",
        "411081103",
        15,
        "钧瓷艺人带着街坊和学生，把拉坯、施釉和看火的手艺讲给更多人听。",
    ),
    OrganizationText(
        "flower",
        "鄢陵花乡便民志愿服务队（演示）",
        "411024103",
        16,
        "花农农闲时做便民服务：磨剪刀、理发、修农具，也带新成立的小队伍。",
    ),
    OrganizationText(
        "bee",
        "长葛蜜乡助农志愿服务队（演示）",
        "411082111",
        17,
        "懂技术的年轻人下村入户，帮乡亲防病虫、看合同、开网店。",
    ),
    OrganizationText(
        "rescue",
        "襄城首山应急救护志愿服务队（演示）",
        "411025001",
        18,
        "由持证救护员组成，进社区、进学校教心肺复苏和海姆立克急救法。",
    ),
    OrganizationText(
        "media",
        "建安小镜头融媒志愿服务队（演示）",
        "411003002",
        19,
        "与区融媒体中心共建，志愿者采写身边的文明故事，三审以后发布。",
    ),
)

APPLYING = OrganizationText(
    "bridge",
    "灞陵桥畔青年志愿服务社（演示）",
    "411002008",
    9,
    "十二名上班族发起，打算周末在灞陵桥一带做环境巡护和文明引导，申请在灞陵街道登记。",
)


@dataclass(frozen=True, slots=True)
class ProjectText:
    key: str
    organization: str
    action: Action
    category: str
    title: str
    summary: str


PROJECTS = (
    ProjectText(
        "station",
        "sun",
        Action.SITE_IMPROVEMENT,
        "civic_guidance",
        "许昌东站文明实践岗（演示）",
        "在进出站口设岗：指路、搬行李、照看候车的老人和孩子，周六全天有人。",
    ),
    ProjectText(
        "doorstep",
        "sun",
        Action.SITE_IMPROVEMENT,
        "community_service",
        "家门口的实践站焕新（演示）",
        "和居民一起清点设施、整理图书、更新开放时间牌，让站里的灯晚上也亮着。",
    ),
    ProjectText(
        "phones",
        "sun",
        Action.PROJECT_QUALITY,
        "elderly_and_orphans",
        "银龄手机课提质（演示）",
        "一位老人配一位志愿者，教挂号、缴费和防骗，课后回访，听不懂的下次重讲。",
    ),
    ProjectText(
        "river",
        "sun",
        Action.PROJECT_QUALITY,
        "environment",
        "清潩河护河行（演示）",
        "沿河捡拾、记录排口、劝导垂钓安全，每月把巡河记录交给管理单位。",
    ),
    ProjectText(
        "nursery",
        "flower",
        Action.ORGANIZATION_INCUBATION,
        "community_service",
        "花乡小队孵化营（演示）",
        "老队带新队：跟一次活动、写一份计划、办一场自己的服务，半年出壳。",
    ),
    ProjectText(
        "first_aid",
        "rescue",
        Action.SKILLS_TRAINING,
        "emergency_rescue",
        "人人学急救（演示）",
        "持证救护员手把手教心肺复苏和包扎，人人上手，考过再走。",
    ),
    ProjectText(
        "craft",
        "kiln",
        Action.SKILLS_TRAINING,
        "culture_and_sports",
        "窑火课堂（演示）",
        "老艺人培训讲解志愿者，再由他们带孩子们捏一件自己的作品。",
    ),
    ProjectText(
        "harvest",
        "bee",
        Action.RURAL_SERVICE,
        "science_outreach",
        "蜜乡技术下村（演示）",
        "按村里的需求排班：防螨防病、修农机、看合同，去一次记一次，村里给评价。",
    ),
    ProjectText(
        "pairing",
        "campus",
        Action.CAMPUS_PAIRING,
        "medicine_and_schooling",
        "青禾结对课后班（演示）",
        "大学生按结对协议到乡镇实践所，陪孩子写作业、做实验、读一本书。",
    ),
    ProjectText(
        "lens",
        "media",
        Action.MEDIA_PARTNERSHIP,
        "rural_customs",
        "小镜头看文明（演示）",
        "记者带志愿者采访身边人身边事，写成稿件和短片，由两个中心一起发布。",
    ),
)

WAITING_PROJECT = ProjectText(
    "lamp",
    "sun",
    Action.PROJECT_QUALITY,
    "sick_and_disabled",
    "给盲人朋友讲电影（演示）",
    "每月一场，志愿者现场口述画面，接送到家。需要街道活动室和无障碍车辆支持。",
)
SENT_BACK_PROJECT = ProjectText(
    "fair",
    "sun",
    Action.RURAL_SERVICE,
    "culture_and_sports",
    "城乡邻里赶大集（演示）",
    "城里的手艺人和乡下的菜农在一处摆摊，志愿者维持秩序、照看老人。",
)
SENT_BACK_REASON = "请补充活动场地的安全预案和雨天安排，再提交审核。"
