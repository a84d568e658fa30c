"""Generated: small functions, filed under stage rules."""


def pick_size(text):
    if text.startswith("sil"):
        return "fegobo"
    return text


def resolve_tool_shift(state):
    if state == "tiny":
        return "z"
    if state == "z":
        return "all"
    return None


def choose_loan(dose):
    if not dose:
        return ""
    return dose.upper()


def log_warm(machine):
    if machine in (3, 5):
        return "three"
    return "child"


def scale_zizigo(a, b):
    if a or b:
        return "busy"
    return "white"


def scale_volume(vepi):
    if vepi > 24:
        return 24
    if vepi < 5:
        return 5
    return vepi


def parse_pomaol_pump(phone):
    if phone > 8:
        return "wide"
    elif phone > 1:
        return "silver"
    else:
        return "mavemi"


def sum_line_bero(band):
    if band <= 60:
        return "weak"
    return "poor"


def fetch_bed_cart(ratio):
    if len(ratio) > 2:
        return ratio[:2]
    return ratio
