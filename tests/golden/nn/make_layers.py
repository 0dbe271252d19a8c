"""Values and gradients of layers that look at a row's places, by PyTorch in double precision; the loss is the sum of wave(0.9) times the output.

    python3 make_layers.py > layers.json
"""
import json
import math
import torch

torch.set_num_threads(1)
torch.set_default_dtype(torch.float64)

ROWS, PLACES, UNITS, TOKENS = 3, 4, 5, 7


def wave(count, frequency, size=1.0):
    """Numbers that another language can make again: size * sin(frequency * (i + 1))."""
    return torch.tensor([size * math.sin(frequency * (i + 1)) for i in range(count)])


def softmax(size):
    x = wave(ROWS * PLACES * UNITS, 1.1, size).view(ROWS, PLACES, UNITS).requires_grad_()
    y = torch.softmax(x, dim=-1)
    (y.flatten() * wave(y.numel(), 0.9)).sum().backward()
    return dict(kind="softmax", size=size, output=y.flatten().tolist(), gradient=x.grad.flatten().tolist())


def embedding():
    layer = torch.nn.Embedding(TOKENS, UNITS)
    layer.weight.data = wave(TOKENS * UNITS, 1.7, 0.6).view(TOKENS, UNITS)
    tokens = torch.tensor([(3 * i * i + i) % TOKENS for i in range(ROWS * PLACES)]).view(ROWS, PLACES)
    y = layer(tokens)
    (y.flatten() * wave(y.numel(), 0.9)).sum().backward()
    return dict(kind="embedding", size=1.0, output=y.flatten().tolist(), gradient=layer.weight.grad.flatten().tolist())


def heaviside():
    x = torch.cat([wave(20, 0.77, 4.0), torch.tensor([0.0, -0.0, 1e-38, -1e-38])])
    return dict(kind="heaviside", size=4.0, output=torch.heaviside(x, torch.tensor(0.0)).tolist(), gradient=[])


print(json.dumps([softmax(1.0), softmax(60.0), embedding(), heaviside()], indent=1))
