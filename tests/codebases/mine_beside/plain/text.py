def shorten(text, width):
    if len(text) <= width:
        return text
    return text[: width - 1] + "…"


def shout(text):
    if not text:
        return "!"
    return text.upper()
