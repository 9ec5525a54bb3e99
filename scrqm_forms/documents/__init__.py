"""Files as people have them -> plain text whose lines the reader of published markers understands.

In that text a blank line parts paragraphs, an item of a list has its mark, and two blanks stand for each level that it
stands further in. Word and PDF need the extra `import`.
"""
