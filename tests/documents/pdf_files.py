"""PDFs made by hand: letters at places, and little else."""


def pdf_document(pages, dots=()):
    """A PDF of lines, each with its column and height, and its size if it is not 11; `dots` are drawn on each page."""
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", ""]
    font = "<< /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >> >> >>"
    kids = []
    for lines in pages:
        written = "".join(
            f"/F1 {size[0] if size else 11} Tf 1 0 0 1 {x} {y} Tm ({_escaped(text)}) Tj\n"
            for x, y, text, *size in lines
        )
        drawn = "".join(f"{x} {y} 3 3 re f\n" for x, y in dots)
        stream = f"{drawn}BT\n{written}ET"
        objects.append(f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream")
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources {font} /Contents {len(objects)} 0 R >>"
        )
        kids.append(f"{len(objects)} 0 R")
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>"
    return _put_into_file(objects)


def _escaped(text):
    return text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")


def _put_into_file(objects):
    data, places = b"%PDF-1.4\n", []
    for n, each in enumerate(objects, 1):
        places.append(len(data))
        data += f"{n} 0 obj\n{each}\nendobj\n".encode("cp1252")
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    end = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
    return data + f"{end}trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{len(data)}\n%%EOF".encode()


def set_lines(blocks, x=60, top=780, gap=14):
    """Lines 14 points apart, paragraphs 28; a number before a line moves it in."""
    y, lines = top, []
    for block in blocks:
        for line in block.split("\n"):
            inset = len(line) - len(line.lstrip())
            lines.append((x + 6 * inset, y, line.strip()))
            y -= gap
        y -= gap
    return lines
