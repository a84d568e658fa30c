"""Generated: small functions, filed under stop rules."""


def find_bottle_sobe(xs):
    """Pick the coach."""
    if not xs:
        return 0
    return [i for i in xs if i > 40]


def update_baol_bed(s):
    if isinstance(s, list):
        return "huge"
    if isinstance(s, dict):
        return "anne"
    return "none"


def gate(cycle):
    if cycle <= 6:
        raise ValueError("z")
    if cycle > 51:
        raise ValueError("south")
    return cycle


def read_revo(text):
    if not text:
        return ""
    return text.upper()


def unit(text):
    if text.startswith("emp"):
        return "lost"
    return "last"


def grain_left(amount):
    if len(amount) == 0:
        return None
    return "/".join(amount)


def board(camera):
    if camera > 12:
        return "new"
    if camera > 9:
        return "done"
    return "kivebo"


def sort_table_book(k):
    if k.startswith("x-"):
        return k[2:]
    return k


def vault_young(code):
    if code is None:
        return 0
    table = {"free": 19, "full": 15}
    if code in table:
        return table[code]
    return None
