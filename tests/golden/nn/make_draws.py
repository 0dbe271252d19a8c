"""Layers that draw numbers for each row, by PyTorch in double precision under the same draws; the loss is the sum of wave(0.9) times the output.

    python3 make_draws.py > draws.json
"""
import torch
import draws
from waves import tell, wave

torch.set_num_threads(1)
torch.set_default_dtype(torch.float64)

SEED, STEP, EXAMPLES = 42, 4, [3, 1, 70]
UNITS, UNITS_PER_ROW, FIRST_UNIT = 37, 100, 10


def drawn(number, units):
    """One number for each unit of each row."""
    return torch.tensor([[number(SEED, STEP, example * UNITS_PER_ROW + FIRST_UNIT + unit) for unit in range(units)] for example in EXAMPLES])


def normal(mean, deviation):
    """The reparametrised sample of PyTorch's own distribution, given what it draws."""
    given = drawn(draws.normal, mean.shape[1])
    torch.distributions.normal._standard_normal = lambda shape, dtype, device: given
    return torch.distributions.Normal(mean, deviation).rsample()


def dropout(rate):
    """PyTorch's layer says what is kept by how much, and passes back by its own backward; which units are dropped is given."""
    scale = torch.nn.functional.dropout(torch.ones(1000), rate).max().item()
    kept, x = drawn(draws.uniform, UNITS) >= rate, wave(len(EXAMPLES) * UNITS, 1.1).view(-1, UNITS)
    y = torch.where(kept, x * scale, torch.zeros(()))
    dy = wave(y.numel(), 0.9).view(y.shape)
    return told(f"dropout {rate}", y, torch.ops.aten.native_dropout_backward(dy, kept, scale))


def noise(deviation):
    x = wave(len(EXAMPLES) * UNITS, 1.1).view(-1, UNITS).requires_grad_()
    return differentiated(f"noise {deviation}", normal(x, torch.tensor(deviation)), x)


def sample(size):
    """Means first, then the logarithms of the variances."""
    x = wave(len(EXAMPLES) * 2 * UNITS, 1.1, size).view(-1, 2 * UNITS).requires_grad_()
    return differentiated(f"sample {size}", normal(x[:, :UNITS], (x[:, UNITS:] / 2).exp()), x)


def source():
    x = wave(len(EXAMPLES) * 5, 1.1).view(-1, 5).requires_grad_()
    return differentiated("source", normal(torch.zeros(len(EXAMPLES), UNITS) + 0 * x.sum(), torch.tensor(1.0)), x)


def differentiated(name, y, x):
    (y.flatten() * wave(y.numel(), 0.9)).sum().backward()
    return told(name, y, x.grad)


def told(name, y, gradient):
    return dict(name=name, output=y.flatten().tolist(), inputGradient=gradient.flatten().tolist(), gradient=[])


tell([dropout(0.3), dropout(0.5), noise(0.25), sample(1.0), sample(6.0), source()])
