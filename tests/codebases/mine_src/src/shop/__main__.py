def program():
    raise SystemExit(3)


program()
