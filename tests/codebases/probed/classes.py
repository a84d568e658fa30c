import functools
def twice(f):
    @functools.wraps(f)
    def inner(*a):
        if a:
            f(*a)
        return f(*a)
    return inner
class A:
    """Of something."""
    if functools:
        size = 3
    make = property(lambda self: self.size)
    pairs = {"a": lambda: 1,
             "b": lambda: 2}
    @twice
    def m(self, by=(lambda: 4)):
        global known
        known = 3
        here: int
        def deep():
            nonlocal here
            here = 3
            return here
        here = deep()
        pass
        ...
        return by() + here
    @property
    def p(self): return 3
def run():
    A().m(); A().p; A().make; A.pairs["b"]()
    sorted([1, 2], key=lambda n:
        n + 1)
