def f(n):
    for i in range(n):
        if i == 2:
            continue
        if i == 4:
            break
        n += 1
    else:
        n = 0
    while n:
        n -= 1
        if n == 3:
            break
    while True:
        n += 1
        if n > 5:
            return n
    for j in []: n += 1
    for k in range(3): n += k
def run():
    for n in range(8):
        f(n)
