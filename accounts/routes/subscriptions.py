"""Which WeChat messages the signed-in person still allows."""

from typing import Any

from accounts.permissions import Permission
from accounts.services import subscriptions
from core.actor import Actor
from core.http import Blueprint, body, permission, returns
from schemas.subscriptions import SubscriptionIn, SubscriptionListOut

blueprint = Blueprint("subscriptions", __name__, description="微信订阅消息")

Listing = dict[str, list[subscriptions.Subscription]]


@blueprint.get("/me/subscriptions")
@permission(Permission.ACCOUNTS_SUBSCRIPTION_VIEW)
@returns(SubscriptionListOut)
def list_subscriptions(actor: Actor) -> Listing:
    """每种订阅消息的模板编号，以及还可发送的条数"""
    return {"items": subscriptions.list_mine(actor)}


@blueprint.post("/me/subscriptions")
@permission(Permission.ACCOUNTS_SUBSCRIPTION_ACCEPT)
@body(SubscriptionIn)
@returns(SubscriptionListOut)
def accept(actor: Actor, *, body: dict[str, Any]) -> Listing:
    """告诉系统用户刚刚同意接收哪些消息"""
    return {"items": subscriptions.accept(actor, **body)}
