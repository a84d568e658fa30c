"""The recipe of the embedded demonstration policy ("nano") and of the bundled codebase.

`python -m recipes.nano` runs every part in order:

    families → functions → codebase   (src/covet/nano/codebase, from its own seed)
                         → data       (prompt and completion pairs, none of them bundled)
                         → tokenizer → pretrain → evaluate → src/covet/nano/model

Nothing here is imported by the package; the package ships what this writes.
"""
