"""Records that leave the system or come into it as files."""

from enum import StrEnum

from core.lifecycle import Lifecycle, Transition


class ImportStatus(StrEnum):
    UPLOADED = "uploaded"
    CHECKING = "checking"
    CHECKED = "checked"
    """Every row was judged; nothing but the report was written."""
    UNREADABLE = "unreadable"
    CONFIRMED = "confirmed"
    IMPORTING = "importing"
    DONE = "done"
    CANCELLED = "cancelled"


ENDED_IMPORT = (ImportStatus.UNREADABLE, ImportStatus.DONE, ImportStatus.CANCELLED)


IMPORT = Lifecycle(
    "import",
    initial=[ImportStatus.UPLOADED],
    transitions=[
        Transition("begin_check", (ImportStatus.UPLOADED,), ImportStatus.CHECKING),
        Transition("finish_check", (ImportStatus.CHECKING,), ImportStatus.CHECKED),
        Transition("refuse", (ImportStatus.CHECKING,), ImportStatus.UNREADABLE),
        Transition("confirm", (ImportStatus.CHECKED,), ImportStatus.CONFIRMED),
        Transition("begin", (ImportStatus.CONFIRMED,), ImportStatus.IMPORTING),
        Transition("finish", (ImportStatus.IMPORTING,), ImportStatus.DONE),
        Transition(
            "cancel",
            (
                ImportStatus.UPLOADED,
                ImportStatus.CHECKING,
                ImportStatus.CHECKED,
                ImportStatus.CONFIRMED,
            ),
            ImportStatus.CANCELLED,
        ),
    ],
)


class ExportStatus(StrEnum):
    REQUESTED = "requested"
    READY = "ready"
    FAILED = "failed"
    """Tried several times in vain; the log says why."""
    EXPIRED = "expired"
    """Its file was removed."""


EXPORT = Lifecycle(
    "export",
    initial=[ExportStatus.REQUESTED],
    transitions=[
        Transition("finish", (ExportStatus.REQUESTED,), ExportStatus.READY),
        Transition("fail", (ExportStatus.REQUESTED,), ExportStatus.FAILED),
        Transition("expire", (ExportStatus.READY,), ExportStatus.EXPIRED),
    ],
)


class SyncBatchStatus(StrEnum):
    PREPARING = "preparing"
    EXPORTED = "exported"
    ACKNOWLEDGED = "acknowledged"
    """The system that Civil Affairs designates has taken the records."""
    ABANDONED = "abandoned"
    """The file was not made, got lost or was not taken: its entries wait for another batch."""


SYNC_BATCH = Lifecycle(
    "sync_batch",
    initial=[SyncBatchStatus.PREPARING],
    transitions=[
        Transition("export", (SyncBatchStatus.PREPARING,), SyncBatchStatus.EXPORTED),
        Transition(
            "abandon",
            (SyncBatchStatus.PREPARING, SyncBatchStatus.EXPORTED),
            SyncBatchStatus.ABANDONED,
        ),
        Transition("acknowledge", (SyncBatchStatus.EXPORTED,), SyncBatchStatus.ACKNOWLEDGED),
    ],
)
