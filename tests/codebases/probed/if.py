def f(n):
    if n > 1:
        n += 1
    if n > 2:
        return n
    elif n == (
        1
    ):
        n = 7
    else:
        n = 8
    if n == 8: return 3
    if n: n += 1
def run():
    f(0); f(1); f(5)
