"""What the decoder may spend on one file, however many pages it has: others wait meanwhile."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from django.conf import settings

from registry.errors import AttachmentRefused

# How a file is refused over which so much was spent.
TOO_MUCH_WORK, TOOK_TOO_LONG = "file_takes_too_long", "reading_took_too_long"


@dataclass(slots=True)
class Effort:
    """The processor time that children took for a file, and since when it is at work, in seconds."""

    cpu_seconds: float = 0.0
    began: float = field(default_factory=time.monotonic)

    def go_on(self) -> None:
        """Raises AttachmentRefused once as much was spent on the file as the settings give to one.

        Asked before each child: the last of them may take what one child may take beyond it.
        """
        if self.cpu_seconds >= settings.DECODER_FILE_CPU_SECONDS:
            raise AttachmentRefused(TOO_MUCH_WORK)
        if time.monotonic() - self.began >= settings.DECODER_FILE_WALL_SECONDS:
            raise AttachmentRefused(TOOK_TOO_LONG)
