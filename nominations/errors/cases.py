"""Refusals about nominations and what belongs to them."""

from core.errors import DomainError, Kind


class NominationIncomplete(DomainError):
    """A submitted text is too short; `errors` says which field lacks what."""

    kind = Kind.INVALID
    code = "nomination_incomplete"
    message = "推荐材料还不完整，请补充后再提交"


class ContentRefused(DomainError):
    """WeChat's text check calls the text risky."""

    kind = Kind.INVALID
    code = "content_refused"
    message = "内容未通过安全检查，请修改后再提交"


class NomineeTooYoung(DomainError):
    """On the day of submission; details carry `min_age` in full years."""

    kind = Kind.INVALID
    code = "nominee_too_young"
    message = "被推荐人的年龄没有达到本次活动的要求"


class CandidateAlready(DomainError):
    """The same person is a candidate of the campaign by another nomination."""

    kind = Kind.CONFLICT
    code = "candidate_already"
    message = "此人的另一份推荐已经是候选人，请把两份推荐合并"


class NominatedElsewhere(DomainError):
    """The same person has a live nomination in another category of the campaign; details carry
    that `category`."""

    kind = Kind.CONFLICT
    code = "nominated_elsewhere"
    message = "此人在本次活动的另一个类别已有推荐，同一人只能参加一个类别"


class SelfNominationRefused(DomainError):
    kind = Kind.FORBIDDEN
    code = "self_nomination_refused"
    message = "本次活动不接受自荐"


class TooManyDrafts(DomainError):
    """Details carry the `limit` of a person in a campaign."""

    kind = Kind.CONFLICT
    code = "too_many_drafts"
    message = "您在本次活动中的草稿太多了，请先提交或撤回一些"


class ConsentLapsed(DomainError):
    """Nobody answered in time, or somebody was asked anew."""

    kind = Kind.CONFLICT
    code = "consent_lapsed"
    message = "这个链接已失效，请联系推荐人或社区重新发送"


class SignerMissing(DomainError):
    """Whoever answers for another says who they are."""

    kind = Kind.INVALID
    code = "signer_missing"
    message = "请填写您的姓名和与被推荐人的关系"


class NomineeAlive(DomainError):
    kind = Kind.CONFLICT
    code = "nominee_alive"
    message = "没有登记被推荐人去世，不需要由亲属决定"


class OwnNomination(DomainError):
    kind = Kind.FORBIDDEN
    code = "own_nomination"
    message = "不能审核自己推荐的人选"


class CluesTooMany(DomainError):
    """As many clues of one person as a day takes."""

    kind = Kind.TOO_MANY
    code = "clues_too_many"
    message = "今天提供的线索已达上限，请明天再来"


class WithheldNotMergeable(DomainError):
    """One of two cases is withheld for safety: together with the other it would show."""

    kind = Kind.CONFLICT
    code = "withheld_not_mergeable"
    message = "其中一份依法不公开，请先对另一份作出同样的决定再合并"


class NominatorSupports(DomainError):
    kind = Kind.FORBIDDEN
    code = "nominator_supports"
    message = "您是推荐人，不必再附议"


class AttachmentsFull(DomainError):
    """All places for this kind of file are taken; details carry the `limit`."""

    kind = Kind.CONFLICT
    code = "attachments_full"
    message = "这类文件已达到数量上限，请先删除不用的"


class CommentsTooMany(DomainError):
    kind = Kind.TOO_MANY
    code = "comments_too_many"
    message = "留言太频繁，请稍后再试"


class NominatorDecided(DomainError):
    """Who recommends a case that would be merged has decided on the other one."""

    kind = Kind.CONFLICT
    code = "nominator_decided"
    message = "推荐人中有人审核过要并入的那份推荐，请反过来合并"


class TableTooLong(DomainError):
    """More cases than a paper holds; details carry the `limit`."""

    kind = Kind.CONFLICT
    code = "table_too_long"
    message = "推荐太多，纸质汇总表放不下，请下载电子表格"
