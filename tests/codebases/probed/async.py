class Those:
    def __init__(self, n):
        self.n = n
    def __aiter__(self):
        return self
    async def __anext__(self):
        self.n -= 1
        if self.n < 0:
            raise StopAsyncIteration
        return self.n
    async def __aenter__(self):
        return self
    async def __aexit__(self, *_):
        pass
async def f(n):
    async for i in Those(n):
        if i == 2:
            break
    else:
        n = 1
    async with Those(n) as those:
        if those:
            n = 2
    return [i async for i in Those(2)]
def run():
    for n in (1, 4):
        try:
            f(n).send(None)
        except StopIteration:
            pass
