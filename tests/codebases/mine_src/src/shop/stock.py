def left(stock, sold):
    if sold > stock:
        return 0
    return stock - sold
