"""A file made for a download is there when the browser comes, however many others look meanwhile, and not for ever."""

import time

import pytest
from streamlit.runtime import media_file_manager
from streamlit.runtime.media_file_manager import MediaFileManager
from streamlit.runtime.media_file_storage import MediaFileStorageError
from streamlit.runtime.memory_media_file_storage import MemoryMediaFileStorage

from dashboards import server
from dashboards.web import downloads


@pytest.fixture
def made() -> tuple[MediaFileManager, MemoryMediaFileStorage, str]:
    storage = MemoryMediaFileStorage("/media")
    manager = MediaFileManager(storage)
    file_id = manager.add_deferred(lambda: b"rows", "text/csv", "1", "rows.csv")
    return manager, storage, manager.execute_deferred(file_id).rsplit("/", 1)[1]


def test_the_server_keeps_files_for_the_browser(made) -> None:
    assert server.app is not None
    assert media_file_manager.MediaFileMetadata is downloads.KeptFile
    manager, storage, name = made
    for _ in range(20):  # runs of other people's pages ending
        manager.remove_orphaned_files()
    assert storage.get_file(name).content == b"rows"


def test_a_file_nobody_comes_for_goes(made, monkeypatch: pytest.MonkeyPatch) -> None:
    manager, storage, name = made
    later = time.monotonic() + downloads.KEEP_SECONDS + 1
    monkeypatch.setattr(downloads.time, "monotonic", lambda: later)
    for _ in range(2):
        manager.remove_orphaned_files()
    with pytest.raises(MediaFileStorageError):
        storage.get_file(name)
