"""Headers of answers that are files: what a browser does with them, and under which name."""

from core.uploads import JPEG


def saved_as(name: str) -> dict[str, str]:
    """Saved under an ASCII name."""
    return {"Content-Disposition": f'attachment; filename="{name}"'}


def of_upload(media_type: str, name: str) -> dict[str, str]:
    """A picture is shown; a PDF that somebody uploaded is only saved, never opened in a page."""
    how = "inline" if media_type == JPEG else "attachment"
    return {"Content-Type": media_type, "Content-Disposition": f'{how}; filename="{name}"'}
