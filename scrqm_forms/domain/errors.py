"""The few errors this program raises on purpose. Each message is a plain sentence that may be shown to a person."""


class ScrqmFormsError(Exception):
    """Something a person can put right: the message says what, where, and what was expected."""


class DefinitionError(ScrqmFormsError):
    """One or more faults in marker files; `faults` holds one sentence each, the file named first."""

    def __init__(self, faults: list[str]) -> None:
        self.faults = faults
        super().__init__("\n".join(faults))


class NotInstalled(ScrqmFormsError):
    """Raised by a plugin when something it needs is not there: it is then off, which is no fault."""


class NotFound(ScrqmFormsError):
    """Not there, or not the caller's: the two are never told apart."""


class NotOffered(ScrqmFormsError):
    """Asked for was something that there never is, such as an unknown export format; the message says what there is."""


class Refused(ScrqmFormsError):
    """The rules do not allow this now: the round is closed, the group too small, the date past."""


class InvalidAnswers(ScrqmFormsError):
    """Answers that the questionnaire does not offer; `faults` maps a field's name to a sentence."""

    def __init__(self, faults: dict[str, str]) -> None:
        self.faults = faults
        super().__init__("; ".join(f"{field}: {fault}" for field, fault in faults.items()))


class NewerVersion(ScrqmFormsError):
    """The entry was saved elsewhere since this copy was read; nothing was overwritten."""


class CannotStore(ScrqmFormsError):
    """The database takes nothing now (its disk is full or broken, or it is busy for too long); nothing was changed."""

    def __init__(self) -> None:
        super().__init__("Nothing can be saved at the moment; what was saved before is safe. Please try again soon.")


def place_of(error: BaseException) -> str:
    """Kind of an error and where it was raised, for a log: its message may hold what somebody wrote."""
    last = error.__traceback__
    while last is not None and last.tb_next is not None:
        last = last.tb_next
    place = f" at {last.tb_frame.f_code.co_filename}:{last.tb_lineno}" if last else ""
    return f"{type(error).__name__}{place}"
