def copied(n):
    return n
