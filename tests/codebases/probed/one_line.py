def f(n):
    for k in range(n): n += k
    while n > 3: n -= 1
    if n: return n
    try: int("x")
    except ValueError: n = 2
    return lambda: n
def run():
    f(0)()
    f(3); f(9)
