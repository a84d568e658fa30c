def plural(word, number):
    if number == 1:
        return word
    if word.endswith("y"):
        return word[:-1] + "ies"
    return word + "s"


def listing(words):
    if not words:
        return ""
    if len(words) == 1:
        return words[0]
    return ", ".join(words[:-1]) + " and " + words[-1]
