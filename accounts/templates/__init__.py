"""What people are told: for each event a title, a sentence, and the fields of a WeChat message.

To add one, add a row to the module of its subject and call `accounts.services.messages.tell` with
its fields: the inbox shows the sentence, WeChat gets the fields, docs/messages.md lists both.
Services speak of `activity` or `starts_at`; here those become `thing1` or `time2`, cut to the
length that WeChat allows (a `thing` has 20 characters, a `phrase` five Chinese ones).
"""

from accounts.templates.filling import LENGTHS, fill, sentence
from accounts.templates.registry import TEMPLATES

__all__ = ["LENGTHS", "TEMPLATES", "fill", "sentence"]
