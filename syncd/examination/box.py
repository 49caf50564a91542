"""Box, in the order in which one thing needs the other: a host that can't be reached, or a refusal, ends it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from syncd.clock import Clock
from syncd.config import BoxCloud, Config
from syncd.diagnosis import Diagnosis, fault
from syncd.errors import SyncdError
from syncd.examination.knowledge import Known
from syncd.model import Side

if TYPE_CHECKING:
    from syncd.clouds.box.examine import BoxExamination
    from syncd.clouds.box.examine_folders import FolderExamination


class BoxChecks:
    """Everything that concerns Box. Its calls are bounded one by one, as there may be a hundred operators."""

    def __init__(self, config: Config, settings: BoxCloud, clock: Clock, known: Known) -> None:
        self._config = config
        self._settings = settings
        self._clock = clock
        self._known = known
        self._box: BoxExamination | None = None

    def cloud(self) -> Iterator[Diagnosis]:
        """The way there and in, the folders, events and calls."""
        from syncd.clouds.box.examine import BoxExamination, quota

        try:
            self._box = BoxExamination(self._settings, self._clock)
            yield from self._looked(self._box)
        except SyncdError as error:
            yield fault("cloud", "Box", error.message, error.remedy)
        yield quota(self._settings, self._known.calls, datetime.fromtimestamp(self._clock.now(), self._config.zone))
        if self._box is not None:
            self._box.close()

    def clock(self) -> Iterator[Diagnosis]:
        """Box's clock; after `cloud`."""
        if self._box is not None:
            yield from self._box.clock()

    def _looked(self, box: BoxExamination) -> Iterator[Diagnosis]:
        from syncd.clouds.box.examine_folders import FolderExamination

        for found in box.hosts():
            yield found
            if found.state == "fault" and found.check == "host api":
                return
        entered = box.way_in()
        yield entered
        if entered.state == "fault":
            return
        yield from box.account()
        yield from box.rights()
        yield from box.invitations()
        yield from box.events()
        yield from self._folders(FolderExamination(box, self._known.marker(Side.CLOUD)))

    def _folders(self, folders: FolderExamination) -> Iterator[Diagnosis]:
        yield from folders.root()
        if not folders.reached:
            return
        inbox = None
        for operator in self._config.operators:
            layout = self._config.layout(operator, Side.CLOUD)
            yield from folders.operator(operator, layout, self._known.of(operator.id, Side.CLOUD))
            inbox = inbox or folders.inbox(layout)
        if inbox is not None:
            yield folders.writing(inbox)
        yield from folders.people.across()
