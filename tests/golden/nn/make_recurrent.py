"""Golden values of recurrent language models, by PyTorch in double precision: loss, gradient and carried state of two windows.

    python3 make_recurrent.py > recurrent.json
"""
import json
import math
import torch
from waves import wave

torch.set_num_threads(1)
torch.set_default_dtype(torch.float64)


def model(cell, vocabulary, embedding, units, depth, window, streams):
    """Cluster keeps E [V, D]; for each layer W [I, G*H], U [H, G*H] and one bias [G*H]; the softmax's W [H, V] and b [V]."""
    gates = {"lstm": 4, "rnn": 1}[cell] * units
    sizes = [(vocabulary, embedding)]
    for layer in range(depth):
        sizes += [(units if layer else embedding, gates), (units, gates), (gates,)]
    sizes += [(units, vocabulary), (vocabulary,)]
    flat = wave(sum(math.prod(s) for s in sizes), 1.7, 0.6).requires_grad_()
    parts, start = [], 0
    for size in sizes:
        parts.append(flat[start:start + math.prod(size)].reshape(size))
        start += math.prod(size)
    weights = []
    for layer in range(depth):
        w, u, b = parts[1 + 3 * layer:4 + 3 * layer]
        weights += [w.t(), u.t(), b, torch.zeros(gates)]
    tokens = torch.tensor([[(3 * s + 5 * t + t * t // 2) % vocabulary for t in range(2 * window + 1)] for s in range(streams)])
    carried = [torch.zeros(depth, streams, units) for _ in range(2 if cell == "lstm" else 1)]
    windows = []
    for first in (0, window):
        x = parts[0][tokens[:, first:first + window]]
        if cell == "lstm":
            y, *carried = torch.lstm(x, carried, weights, True, depth, 0.0, False, False, True)
        else:
            y, *carried = torch.rnn_tanh(x, carried[0], weights, True, depth, 0.0, False, False, True)
        logits = y @ parts[-2] + parts[-1]
        loss = torch.nn.functional.cross_entropy(logits.flatten(0, 1), tokens[:, first + 1:first + window + 1].flatten(), reduction="sum")
        gradient, = torch.autograd.grad(loss, flat)
        carried = [c.detach() for c in carried]
        # stream after stream, and within it layer after layer: h, then c
        ends = torch.stack(carried).permute(2, 1, 0, 3).flatten(1)
        windows.append(dict(loss=loss.item(), gradient=gradient.tolist(), carried=ends.tolist()))
    return dict(cell=cell, vocabulary=vocabulary, embedding=embedding, units=units, depth=depth, window=window, streams=streams,
                tokens=tokens.tolist(), windows=windows)


print(json.dumps(dict(torch=torch.__version__, models=[
    model("lstm", 7, 3, 5, 1, 4, 4),
    model("rnn", 7, 3, 5, 1, 4, 4),
    model("lstm", 5, 4, 3, 2, 6, 2),
    model("rnn", 4, 2, 3, 3, 3, 2),
]), indent=1))
