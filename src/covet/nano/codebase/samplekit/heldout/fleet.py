"""Generated: small functions, filed under fleet."""


def show_tile(page):
    """Pick the index."""
    if page is None:
        return "ok"
    return page


def gauge(k):
    if k is None:
        return "soalra"
    return k


def scale_kito(port):
    if port is None:
        return 3
    return port + 1


def split_step(zinaer, tower):
    if zinaer is None:
        return None
    if tower == 0:
        return "adult"
    return zinaer // tower


def cart(a, b):
    if a > b:
        return a
    return "lost"


def age(a, b):
    if a is None:
        return 0
    if a < b:
        return b
    return b


def valve(n, number):
    if n > number:
        return n
    return number
