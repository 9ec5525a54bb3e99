"""What kind of file it is, and its text."""

import email
import email.policy
import re

from scrqm_forms.documents.web_page import read_web_page
from scrqm_forms.domain.errors import ScrqmFormsError
from scrqm_forms.domain.published_marks import plain_bullets
from scrqm_forms.domain.published_text import MAX_SIZE, NotAMarker, decode_document

#: Kinds of file that are worth trying, for a page or command that asks for one.
SUFFIXES = (".txt", ".html", ".htm", ".mhtml", ".docx", ".pdf")

_WEB_PAGE = re.compile(rb"\s*(<!--.*?-->\s*|<\?xml[^>]*>\s*)*<(!doctype\s+html|html|head|body)\b", re.I | re.S)
_MADE_OF_TAGS = re.compile(rb"<(p|li|ul|ol|div|h[1-6])\b[^>]*>", re.I)


def read_document_text(data: bytes) -> str:
    """The text of a file: plain text, a saved web page, Word (.docx) or PDF. Raises NotAMarker with the reason."""
    if len(data) > MAX_SIZE:
        raise NotAMarker(f"The file is larger than {MAX_SIZE // 1_000_000} MB; a published marker is far smaller.")
    start = data[:2000]
    if b"%PDF-" in start[:1024]:
        return _with_extra("PDF", _read_pdf, data)
    if data.startswith(b"PK\x03\x04"):
        return _with_extra("Word", _read_word, data)
    if re.match(rb"(?s)(from|mime-version|subject|date): ", start, re.I) and b"multipart/related" in start.lower():
        return read_web_page(_page_within(data))
    if _is_web_page(data):
        return read_web_page(_decode_page(data))
    return decode_document(data)


def _with_extra(kind: str, read: object, data: bytes) -> str:
    try:
        text = read(data)  # type: ignore[operator]
    except ImportError as error:
        raise ScrqmFormsError(
            f'To read {kind} documents, install the extra "import": pip install "scrqm-forms[import]". '
            "Or save the document as plain text."
        ) from error
    except ScrqmFormsError:
        raise
    except Exception as error:  # whatever a broken file makes the libraries raise
        raise NotAMarker(f"The {kind} document cannot be read; save it anew, or as plain text.") from error
    if not text.strip():
        raise NotAMarker("The file holds no text; if its pages are pictures, it has to be typed or recognised first.")
    return plain_bullets(str(text))


def _read_pdf(data: bytes) -> str:
    from scrqm_forms.documents.pdf import read_pdf

    return read_pdf(data)


def _read_word(data: bytes) -> str:
    from scrqm_forms.documents.word import read_word

    return read_word(data)


def _is_web_page(data: bytes) -> bool:
    plain = data[:4000].replace(b"\0", b"")  # UTF-16
    return _WEB_PAGE.match(plain.lstrip(b"\xef\xbb\xbf\xff\xfe")) is not None or len(_MADE_OF_TAGS.findall(data)) >= 5


def _decode_page(data: bytes) -> str:
    """The page's text; its own word on its encoding counts where it is not UTF-8."""
    declared = re.search(rb"charset\s*=\s*[\"']?([\w-]+)", data[:4000], re.I)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    if declared and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        name = declared[1].decode("ascii").lower()
        try:  # browsers read what calls itself Latin-1 as Windows-1252
            return data.decode("cp1252" if name in ("iso-8859-1", "latin1", "us-ascii") else name)
        except (LookupError, UnicodeDecodeError):
            pass
    return decode_document(data)


def _page_within(data: bytes) -> str:
    """The page of a web archive (MHTML)."""
    message = email.message_from_bytes(data, policy=email.policy.default)
    for part in message.walk():
        if part.get_content_type() == "text/html":
            try:
                return str(part.get_content())
            except (LookupError, ValueError):
                break
    raise NotAMarker("The file is a web archive without a page that can be read; save the page as HTML or text.")
