"""file/upload: a file becomes a file_path (contract, section 2)."""

from local.tiktok_simulator import checks
from local.tiktok_simulator.answers import (
    CALCULATE_TYPE_WRONG,
    FILE_EMPTY,
    FILE_TOO_LARGE,
    FILE_TYPE_WRONG,
    SIGNATURE_WRONG,
    Json,
    RefusalError,
)
from local.tiktok_simulator.id_file import IdFile
from local.tiktok_simulator.request import Request
from local.tiktok_simulator.vocabulary import UPLOAD_TYPES
from local.tiktok_simulator.world import World


def upload(world: World, request: Request) -> Json:
    """Checks suffix, emptiness, size, MD5 and id type, in this order, and shelves the file."""
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
