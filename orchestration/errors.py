"""The one error class for everything a user can cause or mend."""


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
