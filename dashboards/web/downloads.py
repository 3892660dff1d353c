"""Files made for a download stay until the browser has come for them.

Streamlit drops such a file when for the second time any run of anybody's page has ended after it was made. With many
people at once that is a moment later, and the browser finds nothing.
"""

import time

from streamlit.runtime import media_file_manager
from streamlit.runtime.media_file_manager import MediaFileKind, MediaFileMetadata

KEEP_SECONDS = 120.0


class KeptFile(MediaFileMetadata):
    """What Streamlit knows of a file; it can be marked for removal only after ``KEEP_SECONDS``."""

    def __init__(self, kind: MediaFileKind = MediaFileKind.MEDIA) -> None:
        super().__init__(kind)
        self._made_at = time.monotonic()

    def mark_for_delete(self) -> None:
        if time.monotonic() - self._made_at > KEEP_SECONDS:
            super().mark_for_delete()


def keep_files() -> None:
    """From now on, in this process."""
    media_file_manager.MediaFileMetadata = KeptFile
