"""Writes the sample files beside it: SHA-256 of invented phone numbers, one lower-case hash a line.

The numbers are E.164 with the plus sign, as TikTok wants them hashed, of exchange 555 in area codes
of New York: nobody's. Run it with `python test/tiktok/make_samples.py`; it gives the same bytes
every time.
"""

from hashlib import sha256
from pathlib import Path

HERE = Path(__file__).parent
AUDIENCE = HERE / "test_foodies_phone_sha256_audience.csv"
MORE = HERE / "test_foodies_phone_sha256_more.csv"
OPT_OUT = HERE / "test_foodies_phone_sha256_opt_out.csv"  # one of the first file's people


def lines(area_code: str, count: int) -> str:
    """Give `count` lines for the numbers +1 <area code> 555 0000 and up."""
    numbers = (f"+1{area_code}555{number:04d}" for number in range(count))
    return "".join(f"{sha256(number.encode()).hexdigest()}\n" for number in numbers)


if __name__ == "__main__":
    AUDIENCE.write_text(lines("212", 1200), "ascii")
    MORE.write_text(lines("646", 300), "ascii")
    OPT_OUT.write_text(lines("212", 1), "ascii")
