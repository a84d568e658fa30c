def f(n):
    if n: return f(n - 1)
    if n or not f: return 3
    return 4
def g(n): return [m for m in range(n) if m]
def run():
    f(3)
    if g(2) and f(0): g(1)
