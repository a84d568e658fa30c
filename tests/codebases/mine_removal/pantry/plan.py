from pantry.amounts import shown


def shopping(recipe, stock):
    lines = []
    for what, amount in sorted(stock.missing(recipe.parts).items()):
        lines.append(f"{what}: {shown(amount)}")
    if not lines:
        return "nothing"
    return ", ".join(lines)


def cook(recipe, stock):
    if stock.missing(recipe.parts):
        return False
    for what, amount in recipe.parts.items():
        stock.take(what, amount)
    return True
