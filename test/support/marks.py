"""Values that must stay inside, and the ways the function can be made to fail with them at hand."""

from collections.abc import Callable
from dataclasses import dataclass

from support.fake_s3 import client_error
from support.world import World

AUDIENCE = "Secret Audience"
FOLDER = f"tiktok/{AUDIENCE}/email_sha256/"


@dataclass(frozen=True)
class Marks:
    """A token, a hash, and raw identifiers that nothing may show."""

    token: str
    hashed: str
    email: str
    phone: str
    device: str

    @property
    def echo(self) -> str:
        """What a careless server says."""
        raw = f"{self.email} {self.phone} {self.device}"
        return f"{self.token} is no token for {self.hashed} {self.hashed.upper()},{raw}."

    @property
    def all(self) -> tuple[str, ...]:
        return (self.token, self.hashed, self.email, self.phone.lstrip("+"), self.device)

    @property
    def rows(self) -> bytes:
        """A drop whose first row is good."""
        return f"{self.hashed}\n{self.email}\n{self.phone}\n{self.device}\n".encode()

    def found_in(self, text: str) -> list[str]:
        """Return the marks that a text shows, in any case."""
        return [mark for mark in self.all if mark.lower() in text.lower()]


Failure = Callable[[World, Marks], None]


def code(number: int, endpoint: str, text: str = "") -> Failure:
    """TikTok refuses, and repeats what it was sent."""

    def fail(w: World, marks: Marks) -> None:
        if endpoint == "update":
            w.sim.seed(name=AUDIENCE)
        w.sim.faults.add({"kind": "code", "value": number, "endpoint": endpoint,
                          "message": f"{text} {marks.echo}"})  # fmt: skip
        w.drop(FOLDER + "a.csv", marks.rows)

    return fail


def not_json(w: World, marks: Marks) -> None:
    w.sim.faults.add({"kind": "not_json", "value": marks.echo})
    w.drop(FOLDER + "a.csv", marks.rows)


def delivered(w: World, marks: Marks) -> None:
    w.drop(FOLDER + "a.csv", marks.rows)


def no_valid_row(w: World, marks: Marks) -> None:
    w.drop(FOLDER + "a.csv", f"{marks.email}\n{marks.phone}\n{marks.token}\n".encode())


def two_columns(w: World, marks: Marks) -> None:
    w.drop(FOLDER + "a.csv", f"{marks.hashed},{marks.hashed}\n".encode())


def damaged_gzip(w: World, marks: Marks) -> None:
    w.drop(FOLDER + "a.csv", b"\x1f\x8b\x08\x00" + marks.rows)


def bug(w: World, marks: Marks) -> None:
    def fail(operation: str, key: str) -> None:
        if operation == "get" and key.startswith("tiktok/"):
            raise KeyError(marks.echo)

    w.drop(FOLDER + "a.csv", marks.rows)
    w.s3.before = fail


def failing_s3(w: World, marks: Marks) -> None:
    def fail(operation: str, key: str) -> None:
        error = client_error("SlowDown", 503)
        error.response["Error"]["Message"] = marks.echo
        raise error

    w.drop(FOLDER + "a.csv", marks.rows)
    w.s3.before = fail


def failing_secret(w: World, marks: Marks) -> None:
    w.secrets.error = client_error("InternalServiceError", 500)
    w.secrets.error.response["Error"]["Message"] = marks.echo
    w.drop(FOLDER + "a.csv", marks.rows)


def malformed_secret(w: World, marks: Marks) -> None:
    w.secrets.text = marks.token
    w.drop(FOLDER + "a.csv", marks.rows)


def secret_with_a_bad_id(w: World, marks: Marks) -> None:
    w.secrets.put(ACCESS_TOKEN=marks.token, ADVERTISER_ID=f"id {marks.token}")
    w.drop(FOLDER + "a.csv", marks.rows)


FAILURES: dict[str, Failure] = {
    **{f"{number} at {endpoint}": code(number, endpoint)
       for number in (40001, 40002, 40006, 40007, 40100, 40105, 40900, 50002)
       for endpoint in ("list", "upload", "create", "update")},
    "busy": code(40002, "update", "Audience is not editable"),
    "too few": code(40002, "update", "fewer than 1000 users"),
    **{f.__name__: f for f in (
        not_json, delivered, no_valid_row, two_columns, damaged_gzip, bug, failing_s3,
        failing_secret, malformed_secret, secret_with_a_bad_id,
    )},
}  # fmt: skip
