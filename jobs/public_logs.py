"""Public logs: signed every hour, and the keys behind pseudonyms destroyed in the end."""

from jobs.runner import JobContext
from nominations.services import checkpoints, pseudonyms


def write_checkpoints(context: JobContext) -> int:
    """Sign every log that has grown, each in a transaction of its own."""
    return context.each(checkpoints.due, checkpoints.write)


def destroy_keys(context: JobContext) -> int:
    """Decide in a transaction that a key goes, then remove its file: a crash in between leaves a
    file that the next run removes."""
    context.each(pseudonyms.to_forget, pseudonyms.decide_to_forget)
    return context.every(pseudonyms.decided, pseudonyms.forget)
