"""What may be attached to a note, and what of a picture is kept."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from locality.base import Refused
from locality.neighbourhoods.rules.attachments import JPEG, LARGEST, PDF, PNG, kept
from tests.neighbourhoods.pictures import JFIF, PLACE, chunk, exif, jpeg, part, png


def test_a_pdf_is_kept_as_it_is():
    assert kept(b"%PDF-1.7\nanything") == (PDF, b"%PDF-1.7\nanything")


def test_where_a_picture_was_taken_is_not_kept_and_which_way_up_it_is_is():
    sent = jpeg(part(0xE1, exif(6)), part(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + PLACE), part(0xFE, PLACE))

    kind, content = kept(sent)

    assert (kind, PLACE in sent, PLACE in content) == (JPEG, True, False)
    way_up = part(0xE1, b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0")
    assert content == jpeg(way_up)


def test_a_picture_that_hides_nothing_is_kept_to_the_byte():
    colours = part(0xE2, b"ICC_PROFILE\0\x01\x01colours")

    assert [kept(one)[1] for one in (jpeg(), jpeg(colours), png())] == [jpeg(), jpeg(colours), png()]


def test_what_hangs_on_after_the_end_of_a_picture_is_not_kept():
    film = jpeg(part(0xE1, exif()))

    assert kept(jpeg(after=film))[1] == jpeg()
    assert kept(png(after=PLACE))[1] == png()


def test_the_words_and_the_place_in_a_png_are_not_kept():
    sent = png(chunk(b"eXIf", exif()[6:]), chunk(b"tEXt", b"Comment\0" + PLACE), chunk(b"iTXt", PLACE))

    assert kept(sent) == (PNG, png())


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "nothing in this file"),
        (b"<html><script>alert(1)</script>", "neither"),
        (b"GIF89a", "neither"),
        (b"<?xml version='1.0'?><svg/>", "neither"),
        (b"%PDF-" + b"x" * LARGEST, "larger than 8 MB"),
        (jpeg()[:-3], "not whole"),
        (jpeg()[:30], "not whole"),
        (png()[:-4], "not whole"),
        (png()[:40] + b"\xff" + png()[41:], "not whole"),
    ],
    ids=["empty", "a page", "a gif", "a drawing", "large", "no end", "cut", "png cut", "png changed"],
)
def test_anything_else_is_refused_with_why(content, why):
    with pytest.raises(Refused, match=why):
        kept(content)


@given(st.binary(max_size=200))
def test_no_bytes_after_the_beginning_of_a_picture_break_it(tail):
    for beginning in (b"\xff\xd8\xff", b"\xff\xd8" + JFIF, b"\x89PNG\r\n\x1a\n", b"\xff\xd8" + part(0xE1, exif())):
        with suppress(Refused):
            kept(beginning + tail)
