"""Values and gradients of layers, by PyTorch in double precision; the loss is the sum of wave(0.9) times the output.

    python3 make_layers.py > layers.json
"""
import torch
from waves import tell, wave

torch.set_num_threads(1)
torch.set_default_dtype(torch.float64)

ROWS, PLACES, UNITS, TOKENS, INPUTS = 3, 4, 5, 7, 3


def softmax(size):
    x = wave(ROWS * PLACES * UNITS, 1.1, size).view(ROWS, PLACES, UNITS).requires_grad_()
    return golden(f"softmax {size}", torch.softmax(x, dim=-1), x)


def embedding():
    layer = torch.nn.Embedding(TOKENS, UNITS)
    layer.weight.data = wave(TOKENS * UNITS, 1.7, 0.6).view(TOKENS, UNITS)
    tokens = torch.tensor([(3 * i * i + i) % TOKENS for i in range(ROWS * PLACES)]).view(ROWS, PLACES)
    return golden("embedding", layer(tokens), None, [layer.weight])


def heaviside():
    x = torch.cat([wave(20, 0.77, 4.0), torch.tensor([0.0, -0.0, 1e-38, -1e-38])])
    return golden("heaviside", torch.heaviside(x, torch.tensor(0.0)))


def recurrent(cell, every):
    """Cluster keeps W [I, G*H], U [H, G*H] and one bias [G*H]; PyTorch has the transposed, and a second bias, which stays zero."""
    layer = {"lstm": torch.nn.LSTM, "rnn": torch.nn.RNN}[cell](INPUTS, UNITS, batch_first=True)
    gates = layer.bias_ih_l0.numel()
    flat = wave((INPUTS + UNITS + 1) * gates, 2.3, 0.6)
    w, u, b = flat.split([INPUTS * gates, UNITS * gates, gates])
    layer.load_state_dict(dict(weight_ih_l0=w.view(INPUTS, gates).t(), weight_hh_l0=u.view(UNITS, gates).t(), bias_ih_l0=b, bias_hh_l0=torch.zeros(gates)))
    x = wave(ROWS * PLACES * INPUTS, 1.1).view(ROWS, PLACES, INPUTS).requires_grad_()
    y = layer(x)[0]
    return golden(f"{cell} {'all' if every else 'last'}", y if every else y[:, -1], x, [layer.weight_ih_l0, layer.weight_hh_l0, layer.bias_ih_l0], turned=True)


def golden(name, y, x=None, parameters=(), turned=False):
    """Gradients of matrices of parameters are turned where Cluster keeps those transposed."""
    if y.requires_grad:
        (y.flatten() * wave(y.numel(), 0.9)).sum().backward()
    gradients = [p.grad.t() if turned and p.dim() == 2 else p.grad for p in parameters]
    return dict(name=name, output=y.flatten().tolist(), inputGradient=[] if x is None else x.grad.flatten().tolist(),
                gradient=[number for g in gradients for number in g.flatten().tolist()])


tell([softmax(1), softmax(60), embedding(), heaviside()] + [recurrent(cell, every) for cell in ("lstm", "rnn") for every in (False, True)])
