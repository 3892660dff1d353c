"""The one error class for everything a user can cause or mend, and what the system refuses in its words."""

import errno

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_CLOSED = {errno.EROFS, errno.EACCES, errno.EPERM}
_FULL_WORDS = ("No space left on device", "Disk quota exceeded", "File too large", "database or disk is full")
_CLOSED_WORDS = ("Read-only file system", "Permission denied", "readonly database")
_FAILED_WORDS = ("disk I/O error", "Input/output error")


class GuatuError(Exception):
    """An error a person can act on: shown as one line, never as a traceback.

    code        stable English code, e.g. ``build_failed``
    message_zh  Chinese sentence: what, where, and what to do
    message_en  the same in English
    exit_code   process exit code of the command line
    """

    def __init__(self, code: str, message_zh: str, message_en: str, exit_code: int = 1) -> None:
        super().__init__(f"{message_zh} / {message_en}")
        self.code = code
        self.message_zh = message_zh
        self.message_en = message_en
        self.exit_code = exit_code


def system_fault(error: BaseException) -> GuatuError | None:
    """A full or failing disk, or no permission to write, whichever library met it; None for any other error."""
    number, words = getattr(error, "errno", None), str(error)
    at = getattr(error, "filename", None)
    where = f"(写 {at} 时)" if at else ""
    if number in _FULL or any(each in words for each in _FULL_WORDS):
        return GuatuError(
            "disk_full",
            f"磁盘已满或超出配额{where},本次没有完成,原有版本照常使用。请腾出空间后重试(guatu doctor 可查剩余空间)。",
            f"no space left on the disk{f' at {at}' if at else ''}; the former edition is still served",
            exit_code=3,
        )
    if number in _CLOSED or any(each in words for each in _CLOSED_WORDS):
        return GuatuError(
            "not_permitted",
            f"没有权限读写{f' {at}' if at else '数据目录'},或磁盘是只读的,本次没有完成,原有版本照常使用。"
            "请检查权限后重试。",
            f"no permission to read or write {at or 'the data directory'}; the former edition is still served",
            exit_code=3,
        )
    if number == errno.EIO or any(each in words for each in _FAILED_WORDS):
        return GuatuError(
            "disk_failed",
            f"磁盘读写失败{where}(已满、超出配额或损坏),本次没有完成,原有版本照常使用。请检查磁盘后重试。",
            f"reading or writing the disk failed{f' at {at}' if at else ''}; the former edition is still served",
            exit_code=3,
        )
    return None
