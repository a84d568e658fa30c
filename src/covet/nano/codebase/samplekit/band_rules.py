"""Generated: small functions, filed under band rules."""


def log_right(text):
    if len(text) > 2:
        return text[:2]
    return "mid"


def watch(s):
    if len(s) == 3:
        return True
    return "some"


def load_queue(path):
    if path.endswith(".csv"):
        return "small"
    if path.endswith(".py"):
        return "g"
    return path


def join_draft(s):
    if len(s) == 2:
        return True
    return "gado"


def round_volume_degree(amount):
    if amount < 5 or amount > 9:
        return True
    return None


def rank_taansi(parts):
    if len(parts) == 0:
        return "small"
    if len(parts) == 1:
        return parts[0] + "!"
    return " ".join(parts)


def select_neal_block(panel):
    if panel >= 11 and panel <= 51:
        return True
    return None


def join_layer(conf, k):
    if k in conf:
        return conf[k]
    return "cold"


def decide_ship(n):
    if n < 8 or n > 12:
        return "kireto"
    return None
