"""What only a browser can show of one page at a time."""

import pytest
from playwright.sync_api import Page, expect

from .site import Site, leave
from .test_journeys import heading
from .ways import send


@pytest.fixture
def entry(page: Page, site: Site) -> str:
    """Address of the first entry, which is open."""
    site.begin(page, site.participant)
    leave(page, page.locator(".task a").first)
    return page.url


def test_text_typed_over_an_expired_cookie_is_saved_after_opening_the_link_in_another_tab(
    page: Page, site: Site, entry: str
) -> None:
    page.get_by_label("What helped?").fill("\nThe urn.")
    page.context.clear_cookies()
    send(page, "Save and continue")
    heading(page, "Open your link again, then press Save")
    other = page.context.new_page()
    other.goto(f"{site.url}{site.participant}")
    leave(other, other.get_by_role("button", name="Go on"))
    heading(other, "Your markers")
    send(page, "Save")
    page.goto(entry)
    expect(page.get_by_label("What helped?")).to_have_value("\nThe urn.")


def test_going_back_changing_and_saving_again_is_no_conflict(page: Page, entry: str) -> None:
    page.get_by_label("What helped?").fill("The urn.")
    send(page, "Save and continue")
    expect(page.get_by_label("What helped?")).to_have_value("")
    page.go_back()
    page.get_by_label("What helped?").fill("The samovar.")
    send(page, "Save and continue")
    expect(page.locator(".error-summary")).to_have_count(0)
    page.goto(entry)
    expect(page.get_by_label("What helped?")).to_have_value("The samovar.")


def test_browser_sends_no_address_of_a_link_elsewhere(page: Page, site: Site) -> None:
    page.goto(f"{site.url}{site.participant}")
    assert page.evaluate("document.referrer") == ""
    send(page, "Start")
    assert site.participant not in page.url


def test_markup_in_an_answer_is_shown_and_not_run(page: Page, entry: str) -> None:
    typed = "<img src=x onerror=alert(1)> <script>document.title='changed'</script> </textarea>"
    page.get_by_label("What helped?").fill(typed)
    send(page, "Save and continue")
    page.goto(entry.rpartition("/")[0] + "/check")
    expect(page.get_by_text(typed)).to_be_visible()
    assert page.title() != "changed"
