"""What to do about a folder that reads as an action where none may be."""

from collections.abc import Sequence

from audience_uploader.domain.actions import REMOVE, REPLACE, action_meant, action_of
from audience_uploader.domain.advice import ANY_SET, Advice

_BY_FOLDERS = "write append, remove or replace as a folder directly after the format"


def moved_action(folders: Sequence[str]) -> str | None:
    """Return the first of some folders that reads as an action; None where none does."""
    return next((folder for folder in folders if action_meant(folder) is not None), None)


def advice_on_folders(segments: list[str]) -> Advice | None:
    """Return what is wrong with the folders after the format, if anything; always `bad_key`."""
    folders = segments[3:-1]
    action = action_of(folders[0]) if folders else None
    wrong = moved_action(folders[1:] if action else folders)
    if wrong is not None:
        place = folders.index(wrong, 1 if action else 0)
        others = folders[1 if action else 0 : place] + folders[place + 1 :]
        return _on_action(segments, wrong, others)
    if action == REPLACE and not any(folders[1:2]):
        return _on_file_in_replace(segments)
    return None


def _on_action(segments: list[str], folder: str, others: list[str]) -> Advice:
    meant = action_meant(folder)
    if not meant:
        better = [*segments[1:3], "<action>", *others, segments[-1]]
        return Advice("bad_key", f"The folder {folder} is not an action: {_BY_FOLDERS}", better)
    inner = others or ([ANY_SET] if meant == REPLACE else [])
    does = "take its people out" if meant == REMOVE else meant
    text = f"The folder {folder} reads as an action, but is not one as it is written and placed"
    purpose = f" to {does}, or give the folder another name"
    better = [*segments[1:3], meant, *inner, segments[-1]]
    return Advice("bad_key", text, better, purpose=purpose)


def _on_file_in_replace(segments: list[str]) -> Advice:
    text = (
        "A file can't stand directly in replace/, since a set is a folder and replaces the "
        "audience as a whole"
    )
    purpose = f", with a name of your choice for {ANY_SET}"
    inner = [segment for segment in segments[4:-1] if segment]
    better = [*segments[1:4], ANY_SET, *inner, segments[-1]]
    return Advice("bad_key", text, better, purpose=purpose)
