"""file/upload, and the files between their upload and their use (contract, section 2)."""

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

from local.tiktok_simulator import checks
from local.tiktok_simulator.answers import (
    CALCULATE_TYPE_WRONG,
    FILE_EMPTY,
    FILE_EXPIRED,
    FILE_MISSING,
    FILE_TOO_LARGE,
    FILE_TYPE_WRONG,
    SIGNATURE_WRONG,
    Json,
    RefusalError,
)
from local.tiktok_simulator.id_file import IdFile
from local.tiktok_simulator.id_lines import Ids, Reading
from local.tiktok_simulator.options import Options
from local.tiktok_simulator.request import Request
from local.tiktok_simulator.vocabulary import UPLOAD_TYPES, canonical

if TYPE_CHECKING:
    from local.tiktok_simulator.world import World


@dataclass(slots=True, kw_only=True)
class Upload:
    """One accepted file: `size` in bytes; rows, unmatched ones and raw ones are lines."""

    file_path: str
    advertiser_id: str
    calculate_type: str
    file_name: str
    size: int
    rows: int
    unmatched_rows: int
    raw_emails: int
    raw_phones: int
    md5: str
    request_id: str
    created: float
    ids: Ids
    content: bytearray
    uses: int = 0

    def as_json(self) -> dict[str, object]:
        """Return all but the ids and the content."""
        hidden = {"ids", "content"}
        shown = {name: getattr(self, name) for name in self.__slots__ if name not in hidden}
        return {**shown, "distinct_ids": len(self.ids)}


class UploadShelf:
    """The uploads by file_path. Its caller holds the world's lock."""

    def __init__(self) -> None:
        self._uploads: dict[str, Upload] = {}

    def put(
        self, file: IdFile, reading: Reading, *, request: Request, calculate_type: str, now: float
    ) -> Upload:
        """Shelves a file under a new path of 16 hex characters."""
        upload = Upload(
            file_path=uuid.uuid4().hex[:16],
            advertiser_id=request.advertiser_id,
            calculate_type=calculate_type,
            file_name=file.name,
            size=file.size,
            rows=reading.rows,
            unmatched_rows=reading.leaks.unmatched,
            raw_emails=reading.leaks.raw_emails,
            raw_phones=reading.leaks.raw_phones,
            md5=file.md5,
            request_id=request.request_id,
            created=now,
            ids=reading.ids,
            content=file.content,
        )
        self._uploads[upload.file_path] = upload
        return upload

    def all(self) -> list[Upload]:
        """Every upload so far, oldest first, used ones too."""
        return list(self._uploads.values())

    def get(self, file_path: str) -> Upload | None:
        """Return the upload of that path, if there ever was one."""
        return self._uploads.get(file_path)

    def usable(
        self,
        paths: list[str],
        request: Request,
        calculate_type: str | None,
        *,
        now: float,
        options: Options,
    ) -> list[Upload]:
        """Return the uploads of those paths; a RefusalError for the first that can't be used."""
        found = [self._usable(path, request, now=now, options=options) for path in paths]
        for upload in found:
            if canonical(upload.calculate_type) != canonical(calculate_type or ""):
                message = f"The file {upload.file_path} was uploaded as {upload.calculate_type}."
                raise RefusalError(options.type_mismatch_code, message)
        return found

    def _usable(self, path: str, request: Request, *, now: float, options: Options) -> Upload:
        upload = self._uploads.get(path)
        if upload is None or upload.advertiser_id != request.advertiser_id:
            raise RefusalError(FILE_MISSING, f"The file {path} does not exist.")
        if options.single_use_files and upload.uses:
            raise RefusalError(FILE_MISSING, f"The file {path} does not exist.")
        if now >= upload.created + options.file_ttl_seconds:
            raise RefusalError(FILE_EXPIRED, f"The file {path} has expired.")
        return upload


def upload(world: "World", request: Request) -> Json:
    """Check suffix, emptiness, size, MD5 and id type, in this order, and shelve the file."""
    file = request.file
    checks.require(
        {**request.fields, "file": file},
        "advertiser_id",
        "file",
        "file_signature",
        "calculate_type",
    )
    assert file is not None
    leaks = file.leaks()
    request.details.update(file_name=file.name, size=file.size, raw_emails=leaks.raw_emails)
    _refuse_bad_file(file, str(request.fields["file_signature"]), world.options.max_upload_bytes)
    calculate_type = str(request.fields["calculate_type"])
    if calculate_type not in UPLOAD_TYPES:
        raise RefusalError(
            CALCULATE_TYPE_WRONG, f"calculate_type {calculate_type} is not supported."
        )
    # Outside the lock: reading millions of ids takes a second.
    reading = file.reading(calculate_type)
    with world.lock:
        shelved = world.uploads.put(
            file,
            reading,
            request=request,
            calculate_type=calculate_type,
            now=world.clock.now(),
        )
    request.details.update(shelved.as_json())
    return {"file_path": shelved.file_path}


def _refuse_bad_file(file: IdFile, signature: str, most_bytes: int) -> None:
    if not file.name.endswith((".csv", ".txt")):
        raise RefusalError(FILE_TYPE_WRONG, "The file type must be .csv or .txt.")
    if file.size == 0:
        raise RefusalError(FILE_EMPTY, "The file is empty.")
    if file.size > most_bytes:
        raise RefusalError(FILE_TOO_LARGE, f"The file is larger than {most_bytes} bytes.")
    if file.md5 != signature:
        raise RefusalError(SIGNATURE_WRONG, "The file signature does not match the file.")
