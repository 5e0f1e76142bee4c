"""Whether the name that the law withholds was read anywhere."""

from tools.walk.selection.cast import HIDDEN_NAME, Play


def check(play: Play) -> None:
    """Search all that the public was shown and all that anybody was told."""
    stage = play.stage
    told_to = [
        (f"{player.name}收到的{message['template']}", message["text"])
        for player in stage.players
        for message in player.get("/me/inbox?limit=100")["items"]
    ]
    sent = [("微信消息", str(data)) for data in stage.wechat.sent]
    looked_at = [*stage.seen, *told_to, *sent]
    stage.say(f"检查公开页面和导出材料 {len(stage.seen)} 份、消息 {len(told_to) + len(sent)} 条")
    stage.check("其中推到微信的（同意接收三条）", len(sent), 3)
    leaks = [where for where, shown in looked_at if HIDDEN_NAME in shown]
    stage.check("其中出现保密姓名的", leaks, [])
