def g(n):
    """It counts."""
    for i in range(n):
        if i % 2:
            yield i
        else:
            n = yield
    yield from [1]
async def h(n):
    if n: return n
    return await h(1)
def run():
    list(g(4)); next(g(1))
    try:
        h(0).send(None)
    except StopIteration:
        pass
