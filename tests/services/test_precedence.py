"""While somebody waits for a page, an export does not read on."""

import threading

from scrqm_forms.services import precedence
from scrqm_forms.services.precedence import Precedence


def test_rows_are_read_again_only_once_the_request_is_answered(monkeypatch):
    monkeypatch.setattr(precedence, "_WORK", -1)
    monkeypatch.setattr(precedence, "_WAIT", 60)
    first, seen = Precedence(), []

    def wait():
        seen.append("waited")
        first.end()
        return Precedence.wait(first)

    monkeypatch.setattr(first, "wait", wait)
    rows = first.after_requests(iter("ab"))
    assert next(rows) == "a"
    first.begin()
    assert next(rows) == "b"
    assert seen == ["waited"]


def test_waiting_ends_when_the_last_request_is_answered(monkeypatch):
    monkeypatch.setattr(precedence, "_WAIT", 60)
    first = Precedence()
    first.begin()
    first.begin()
    waiting = threading.Thread(target=first.wait, daemon=True)
    waiting.start()
    first.end()
    first.end()
    waiting.join(30)
    assert not waiting.is_alive()


def test_an_export_goes_on_although_requests_never_end(monkeypatch):
    monkeypatch.setattr(precedence, "_WORK", -1)
    monkeypatch.setattr(precedence, "_WAIT", 0)
    first = Precedence()
    first.begin()
    assert list(first.after_requests(iter("abc"))) == ["a", "b", "c"]


def test_rows_that_are_not_read_to_the_end_are_given_back():
    closed = []

    def rows():
        try:
            yield from "abc"
        finally:
            closed.append(True)

    reading = Precedence().after_requests(rows())
    next(reading)
    reading.close()
    assert closed == [True]
