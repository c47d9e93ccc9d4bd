"""How far a run is: what the person who watches sees every few seconds, and when it is over."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from local.soak.happenings import Happening, Scene

_EVERY = 5.0  # seconds
_LOOK = 0.5  # seconds between two looks at whether all is settled

Say = Callable[[str], None]


@dataclass(slots=True)
class Progress:
    """Plays the script, then waits until nothing is left to do or the time is up."""

    scene: Scene
    say: Say
    began: float
    _told: float = 0.0

    @property
    def elapsed(self) -> float:
        """Seconds since the first drop could be written."""
        return time.monotonic() - self.began

    def play(self, happenings: list[Happening]) -> None:
        """Do everything at its time."""
        for happening in happenings:
            while (wait := happening.at - self.elapsed) > 0:
                time.sleep(min(wait, _LOOK))
                self._tell()
            if happening.what:
                self.say(f"{self.elapsed:5.0f} s  {happening.what}")
            happening.do()

    def settle(self, *, until: float) -> bool:
        """Wait until everything is settled; False when that takes longer than `until` seconds."""
        while not self._settled():
            if self.elapsed > until:
                return False
            time.sleep(_LOOK)
            self._tell()
        self._tell(now=True)
        return True

    def _settled(self) -> bool:
        self.scene.mailbox.read_dead_letters()
        if any(self.scene.mailbox.waiting()):
            return False
        self.scene.mailbox.read_dead_letters()
        return not any(self.scene.mailbox.waiting())

    def _tell(self, *, now: bool = False) -> None:
        if not now and self.elapsed < self._told + _EVERY:
            return
        self._told = self.elapsed
        self.scene.mailbox.read_dead_letters()
        visible, hidden, delayed = self.scene.mailbox.waiting()
        receipts = len(self.scene.stack.keys("receipts/"))
        answers = self.scene.ground.tiktok.control.call("calls?since=999999999")["counts"]
        calls = sum(sum(counts.values()) for counts in answers.values())
        self.say(
            f"{self.elapsed:5.0f} s  receipts {receipts}/{len(self.scene.plan.drops)}  "
            f"dead letters {len(self.scene.mailbox.letters)}/{len(self.scene.plan.poison)}  "
            f"queue {visible}+{hidden}+{delayed}  TikTok calls {calls}"
        )
