def f(n):
    try:
        if 1 / n:
            return 1
    except ZeroDivisionError:
        return 2
    while n.x:
        n = 3
def run():
    f(0); f(1)
