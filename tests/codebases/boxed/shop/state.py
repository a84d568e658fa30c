COUNT = 0
SEEN = []
