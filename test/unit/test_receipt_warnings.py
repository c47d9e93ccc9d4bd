"""What a receipt warns of, told from the rows alone."""

import pytest
from audience_uploader.domain.receipt_warnings import row_warnings
from audience_uploader.rows import RowCounts, scrub

HASH = b"0123456789abcdef" * 4


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param(b"email_sha256\n" + HASH, [], id="header of the format"),
        pytest.param(b"hash\n" + HASH, [], id="header of no format"),
        pytest.param(HASH, [], id="no header"),
        pytest.param(b"phone_sha256\n" + HASH, ["another kind"], id="header of another format"),
        pytest.param(HASH + b"\na@example.com", ["hash before you upload"], id="raw e-mail"),
    ],
)
def test_row_warnings_say_what_the_maker_of_the_file_should_know(
    text: bytes, words: list[str]
) -> None:
    counts = RowCounts()

    sent = b"".join(scrub([text], "EMAIL_SHA256", counts))

    assert sent == HASH + b"\n"
    warnings = row_warnings(counts)
    assert len(warnings) == len(words)
    assert all(word in warning for word, warning in zip(words, warnings, strict=True))
