"""file/upload, and the files between their upload and their use (contract, section 2)."""

import uuid
from collections.abc import Set
from dataclasses import dataclass
from typing import TYPE_CHECKING

from local.tiktok_simulator import checks
from local.tiktok_simulator.answers import Code, Json, RefusalError
from local.tiktok_simulator.id_file import IdFile
from local.tiktok_simulator.id_lines import Reading
from local.tiktok_simulator.request import Request
from local.tiktok_simulator.vocabulary import UPLOAD_TYPES, canonical

if TYPE_CHECKING:
    from local.tiktok_simulator.world import World


@dataclass(slots=True, kw_only=True)
class Upload:
    """One accepted file: `size` in bytes; `content` only where uploads are kept."""

    file_path: str
    advertiser_id: str
    calculate_type: str
    file_name: str
    size: int
    md5: str
    request_id: str
    created: float
    uses: int = 0
    reading: Reading
    content: bytes

    @property
    def ids(self) -> Set[str]:
        """The ids in it, each once."""
        return self.reading.ids

    def as_json(self) -> dict[str, object]:
        """Return all but the ids and the content."""
        hidden = {"reading", "content"}
        shown = {name: getattr(self, name) for name in self.__slots__ if name not in hidden}
        return {**shown, **self.reading.counts()}


def upload(world: "World", request: Request) -> Json:
    """Check suffix, emptiness, size, MD5 and id type, in this order, and keep the file."""
    fields, file = {**request.fields, "file": request.file}, request.file
    checks.require(fields, "advertiser_id", "file", "file_signature", "calculate_type")
    assert file is not None
    request.details.update(file_name=file.name, size=file.size, raw_emails=file.raw_emails())
    signature = str(fields["file_signature"])
    _refuse_bad_file(file, signature, world.options.max_upload_bytes)
    calculate_type = str(fields["calculate_type"])
    if calculate_type not in UPLOAD_TYPES:
        message = f"calculate_type {calculate_type} is not supported."
        raise RefusalError(Code.CALCULATE_TYPE_WRONG, message)
    # Outside the lock: reading millions of ids takes a second.
    accepted = Upload(
        file_path=uuid.uuid4().hex[:16],
        advertiser_id=request.advertiser_id,
        calculate_type=calculate_type,
        file_name=file.name,
        size=file.size,
        md5=signature,
        request_id=request.request_id,
        created=world.clock.now(),
        reading=file.reading(calculate_type),
        content=file.content if world.options.keep_uploads else b"",
    )
    with world.lock:
        world.uploads[accepted.file_path] = accepted
    request.details.update(accepted.as_json())
    return {"file_path": accepted.file_path}


def _refuse_bad_file(file: IdFile, signature: str, most_bytes: int) -> None:
    if not file.name.endswith((".csv", ".txt")):
        raise RefusalError(Code.FILE_TYPE_WRONG, "The file type must be .csv or .txt.")
    if file.size == 0:
        raise RefusalError(Code.FILE_EMPTY, "The file is empty.")
    if file.size > most_bytes:
        raise RefusalError(Code.FILE_TOO_LARGE, f"The file is larger than {most_bytes} bytes.")
    if file.md5 != signature:
        raise RefusalError(Code.SIGNATURE_WRONG, "The file signature does not match the file.")


def usable_uploads(
    world: "World", request: Request, paths: list[str], calculate_type: str | None
) -> list[Upload]:
    """Return the uploads of those paths; a RefusalError for the first that can't be used."""
    found = [_usable(world, request, path) for path in paths]
    for one in found:
        if canonical(one.calculate_type) != canonical(calculate_type or ""):
            message = f"The file {one.file_path} was uploaded as {one.calculate_type}."
            raise RefusalError(world.options.type_mismatch_code, message)
    return found


def _usable(world: "World", request: Request, path: str) -> Upload:
    found, options = world.uploads.get(path), world.options
    used_up = found is not None and options.single_use_files and found.uses
    if found is None or used_up or found.advertiser_id != request.advertiser_id:
        raise RefusalError(Code.FILE_MISSING, f"The file {path} does not exist.")
    if world.clock.now() >= found.created + options.file_ttl_seconds:
        raise RefusalError(Code.FILE_EXPIRED, f"The file {path} has expired.")
    return found
