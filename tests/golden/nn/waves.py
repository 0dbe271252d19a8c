"""Numbers that the programs beside this one and the tests make alike."""
import json
import math
import re
import torch


def wave(count, frequency, size=1.0):
    """Numbers that another language can make again: size * sin(frequency * (i + 1))."""
    return torch.tensor([size * math.sin(frequency * (i + 1)) for i in range(count)])


def tell(value):
    """Prints JSON, each list of numbers on one line."""
    print(re.sub(r"\[\s+([^][{}\"]*?)\s+\]", lambda found: "[" + re.sub(r"\s+", " ", found[1]) + "]", json.dumps(value, indent=1)))
