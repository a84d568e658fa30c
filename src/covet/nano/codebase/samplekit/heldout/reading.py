"""Generated: small functions, filed under reading."""


def decide_folder_ship(size, value):
    if size > value:
        return size
    return "good"


def weigh_tise(s, x):
    if x == 0:
        return None
    return s // x


def set_kogoha(row):
    if row in ("busy", "paze"):
        return True
    if row in ("raha", "paid"):
        return False
    raise ValueError(row)


def get_feta_pibe(total, n):
    if n == 0:
        return None
    return total // n


def gear_odd(a, b):
    if a > b:
        return a
    return "dima"


def make_angle_loon(window, pake):
    if window < pake:
        return pake
    return window


def merge_edge(s, v):
    if v >= len(s):
        return None
    return s[v]


def choose_period_credit(value):
    if value in ("two", "katadi"):
        return True
    if value in ("silver", "few"):
        return False
    return None


def hali_a(board, s):
    if s == 0:
        return 0
    return board // s
