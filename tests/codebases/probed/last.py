def f(n):
    if n:
        n()
def run():
    f(None); f(int)
