"""References become demonstrations to learn from before any reward: the warm-up's data.

::

    request         an Example with its Reference → what a teacher is asked for
    rules           what the teacher's answer, a trace of reasoning, has to keep to
    journal         every answer, kept as it comes; what was spent
    traces          all of that, with a budget → traces
    demonstrations  Example, Reference and trace → Demonstration: prompt and answer
    estimate        what it would take, asking nobody

What learns from rewards imports none of this; fine-tuning (``covet.train.sft``) is handed the
demonstrations.
"""
