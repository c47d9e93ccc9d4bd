"""The story of one file: everything that the bucket and the queues tell of it, as sentences."""

from dataclasses import dataclass
from typing import Any

from audience_uploader.domain.drop import DropKey, parse_key
from audience_uploader.domain.outcomes import DropRefused, Skipped

from audiencectl import waits
from audiencectl.dead_letter_queue import DeadLetter
from audiencectl.outcomes import details, sentence
from audiencectl.queues import Figures
from audiencectl.store import Listed, Store
from audiencectl.story import ANNOUNCED, REFUSED, SETTLING, SKIPPED, WAITING, Story
from audiencectl.words import ago, counted, duration, moment

_SENT = 15 * 60.0  # seconds; by then the function has seen a file that was announced


@dataclass(frozen=True, slots=True)
class Teller:
    """Tells stories of one deployment's files at the time `now`; `settle` is in seconds."""

    store: Store
    letters: list[DeadLetter]
    queue: Figures
    now: float
    settle: float
    sweep_minutes: float

    def tell(self, key: str) -> Story:
        """Return the story of the file at a key."""
        story = Story(key, dead_letters=[one for one in self.letters if one.key == key])
        there = self.store.head(key)
        if there is None:
            self._absent(story)
        else:
            story.etag = there["etag"]
            story.sentences.append(
                f"The file is there: {there['size']:,} bytes, dropped "
                f"{ago(there['modified'].isoformat(), self.now)}."
            )
            self._present(story, there)
        self._dead(story)
        return story

    def _absent(self, story: Story) -> None:
        story.sentences.append("There is no file at this key now.")
        receipts = self._older(story.key, None)
        if receipts:
            story.receipt = receipts[-1]
            story.state = str(story.receipt.get("status"))
            story.sentences += [
                "There was one.",
                sentence(story.receipt),
                *details(story.receipt, self.now),
            ]
        elif not story.key.startswith("tiktok/"):
            story.sentences.append("A drop's key is tiktok/<audience>/<format>/<file>.")

    def _present(self, story: Story, there: Listed) -> None:
        story.receipt = self.store.receipt(story.key, there["etag"])
        try:
            key = parse_key(story.key)
        except Skipped:
            self._skipped(
                story, "its name is one of a folder, a marker or a query engine's companion"
            )
            return
        except DropRefused as refusal:
            story.state = REFUSED
            story.sentences.append(f"Its key is refused ({refusal.reason}): {refusal.message}")
            return
        if story.receipt:
            story.state = str(story.receipt.get("status"))
            story.sentences += [sentence(story.receipt), *details(story.receipt, self.now)]
        elif there["size"] == 0:
            self._skipped(story, "it is empty")
        else:
            self._pending(story, key, there)
        if count := len(self._older(story.key, there["etag"])):
            story.sentences.append(f"{counted(count, 'older version')} of it had a receipt before.")

    def _skipped(self, story: Story, why: str) -> None:
        story.state = SKIPPED
        story.sentences.append(f"The function skips it: {why}. Nothing of it is sent.")

    def _pending(self, story: Story, key: DropKey, there: Listed) -> None:
        story.waiting = self.store.waiting_note(story.key, there["etag"])
        held = [
            told
            for record in self.store.records(key.audience)
            for told in waits.of_record(record, story.key, self.now)
        ]
        age = self.now - there["modified"].timestamp()
        if story.waiting or held:
            story.state = WAITING
            story.sentences += waits.of_note(story.waiting, self.now) if story.waiting else []
            story.sentences += held
        elif age < self.settle:
            story.state = SETTLING
            story.sentences.append(
                f"It settles: the function tries it {duration(self.settle)} after it was dropped, "
                "so that files that come together go into one call."
            )
        else:
            self._announced(story, age)

    def _announced(self, story: Story, age: float) -> None:
        story.state = ANNOUNCED
        messages = self.queue.ready + self.queue.hidden + self.queue.delayed
        story.sentences.append(f"It has no receipt yet. {self.queue.sentence()}")
        if not messages or age > _SENT:
            sweep = (
                f"The sweep finds it within about {duration(self.sweep_minutes * 60 + _SENT)}."
                if self.sweep_minutes
                else "The sweep is off (sweep_minutes is 0): copy the file over itself."
            )
            story.sentences.append(f"No message about it may have come. {sweep}")

    def _older(self, key: str, etag: str | None) -> list[dict[str, Any]]:
        """Return the receipts of other versions of a key, oldest first."""
        listed = [
            item
            for item in self.store.listing(f"receipts/{key}/")
            if item["key"] != f"receipts/{key}/{etag}.json"
            and "/" not in item["key"].removeprefix(f"receipts/{key}/")
        ]
        listed.sort(key=lambda item: item["modified"])
        return [receipt for receipt in self.store.jsons(i["key"] for i in listed) if receipt]

    def _dead(self, story: Story) -> None:
        told = " ".join(story.sentences)
        for letter in story.dead_letters:
            known = letter.message and letter.message in told
            what = "" if known else f" ({letter.reason}): {letter.message}"
            end = "." if known else ""
            story.sentences.append(
                f"In the dead-letter queue since {moment(letter.sent_at)}{what}{end} "
                f"Once it is put right: audiencectl redrive --key '{story.key}'"
            )
