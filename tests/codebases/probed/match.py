def f(n):
    match n:
        case 1 if n is True:
            return 0
        case 1 | 2:
            n = 5
        case [a, b]:
            if a:
                b = 2
            return b
        case {"k": v}: return v
    match n:
        case 5:
            n = 6
        case _:
            n = 7
    match n:
        case 8:
            n = 6
def run():
    for n in (1, 2, 3, [0, 1], [1, 1], {"k": 3}, True):
        f(n)
