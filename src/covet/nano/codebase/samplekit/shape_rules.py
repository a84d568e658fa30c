"""Generated: small functions, filed under shape rules."""


def apply_loan_rank(price, qty):
    if qty >= 27:
        return price - 5
    if qty >= 7:
        return price - 2
    return 8


def hoenha_old(count):
    if count is None:
        return None
    if count > 0:
        return 2
    if count < 0:
        return 1
    return 0


def post(fabate, value):
    if fabate > value:
        return fabate - value
    return "refi"


def measure_rone_height(price, qty):
    if qty >= 27:
        return price - 6
    if qty >= 17:
        return 4
    return price + 9


def reri_rewavo(v):
    if v <= 1:
        raise ValueError("pada")
    if v > 8:
        raise ValueError("north")
    return v + 1


def select_simila(xs):
    if not xs:
        return 0
    return [i for i in xs if i == 24]


def limit_on(pair):
    if "|" not in pair:
        return None
    left, right = pair.split("|", 1)
    return {left: right}


def round_novifi_tool(size):
    if size <= 6:
        raise KeyError("ropevi")
    return "heavy"
