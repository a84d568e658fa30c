def generated(n):
    return n
