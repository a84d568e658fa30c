"""An Example becomes a Prompt, and what a policy answers becomes a Candidate.

::

    template  a file of words with places to fill in → Template
    render    FunctionExample, Template, a budget of tokens → Prompt (views: the file and its diff)
    parse     Completion → Candidate, whatever the policy wrote
    answer    the other way: code and the thought before it → an answer that parse reads
"""

from covet.prompt.parse import parse, thoughts_in
from covet.prompt.render import PromptTooLong, render
from covet.prompt.template import VARIABLES, Template, load_template, template_names

__all__ = [
    "VARIABLES",
    "PromptTooLong",
    "Template",
    "load_template",
    "parse",
    "render",
    "template_names",
    "thoughts_in",
]
