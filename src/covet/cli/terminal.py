"""What others wrote, for a terminal: none of it moves the cursor, colours, or hides."""


def legible(text: str) -> str:
    """With every character that does not print as its Python escape; line feeds and tabs stay."""
    if text.replace("\n", "").replace("\t", "").isprintable():
        return text
    return "".join(
        char if char.isprintable() or char in "\n\t" else ascii(char)[1:-1] for char in text
    )
