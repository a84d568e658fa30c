from contextlib import contextmanager, suppress
@contextmanager
def given(n):
    if n:
        yield n
    else:
        yield 5
def f(n):
    with given(n) as m, \
         suppress(ValueError):
        if m == 5:
            raise ValueError
    with given(1): pass
def run():
    f(0); f(1)
