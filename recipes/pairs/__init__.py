"""Generated instructions with reference programs, and one small model for both roles to start from.

::

    families   a seed → an instruction, its program, and programs that get it slightly wrong
    data       those → training and held-out tasks, and the texts that a model is pre-trained on
    __main__   data, tokenizer, pre-training → a model folder and task files
"""
