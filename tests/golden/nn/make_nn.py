"""Golden values of losses, networks and optimizers, by PyTorch in double precision (optimizers in single, as Cluster has them).

    python3 make_nn.py > nn.json
"""
import json
import math
import torch

torch.set_num_threads(1)
torch.set_default_dtype(torch.float64)


def wave(count, frequency, size=1.0):
    """Numbers that another language can make again: size * sin(frequency * (i + 1))."""
    return torch.tensor([size * math.sin(frequency * (i + 1)) for i in range(count)])


def losses():
    out = []
    rows = [[0.0, 0.0, 0.0], [1.5, -0.5, 0.25], [1000.0, 0.0, -1000.0], [-80.0, 20.0, 20.0], [1e-3, 2e-3, 3e-3]]
    for logits in rows:
        for target in range(3):
            z = torch.tensor(logits, requires_grad=True)
            loss = torch.nn.functional.cross_entropy(z[None], torch.tensor([target]))
            loss.backward()
            out.append(dict(kind="softmax", outputs=logits, target=target, loss=loss.item(), gradient=z.grad.tolist()))
    for value in [0.0, 1.25, -3.5, 40.0, -40.0, 700.0, 1e-4]:
        for target in (0.0, 1.0):
            z = torch.tensor([value], requires_grad=True)
            loss = torch.nn.functional.binary_cross_entropy_with_logits(z, torch.tensor([target]))
            loss.backward()
            out.append(dict(kind="sigmoid", outputs=[value], target=target, loss=loss.item(), gradient=z.grad.tolist()))
    for value, target in [(0.0, 0.0), (2.5, -1.25), (1e4, 1.0)]:
        z = torch.tensor([value], requires_grad=True)
        loss = torch.nn.functional.mse_loss(z, torch.tensor([target]))
        loss.backward()
        out.append(dict(kind="squared", outputs=[value], target=target, loss=loss.item(), gradient=z.grad.tolist()))
    return out


def network(widths, activations, classes):
    """Sum of losses over 9 rows; weights [inputs, outputs] by rows, as Cluster keeps them, so W is PyTorch's transposed."""
    sizes = [(a + 1) * b for a, b in zip(widths, widths[1:])]
    flat = wave(sum(sizes), 1.7, 0.6).requires_grad_()
    x = wave(9 * widths[0], 0.83).reshape(9, widths[0])
    start = 0
    for a, b, activation in zip(widths, widths[1:], activations):
        weight = flat[start:start + a * b].reshape(a, b)
        bias = flat[start + a * b:start + (a + 1) * b]
        x = x @ weight + bias
        x = {"relu": torch.relu, "tanh": torch.tanh, "sigmoid": torch.sigmoid, "none": lambda v: v,
             "leaky-relu": lambda v: torch.nn.functional.leaky_relu(v, 0.01)}[activation](x)
        start += (a + 1) * b
    if classes > 1:
        loss = torch.nn.functional.cross_entropy(x, torch.arange(9) % classes, reduction="sum")
    else:
        loss = torch.nn.functional.mse_loss(x[:, 0], wave(9, 2.9), reduction="sum")
    loss.backward()
    return dict(widths=widths, activations=activations, classes=classes, loss=loss.item(), gradient=flat.grad.tolist())


FUNCTIONS = {
    "parabola": lambda w: (w * w).sum(),
    "rosenbrock": lambda w: (1 - w[0]) ** 2 + 100 * (w[1] - w[0] ** 2) ** 2,
    "skewed": lambda w: (torch.tensor([1.0, 10.0, 100.0], dtype=torch.float32)[:len(w)] * (w - 1) ** 2).sum() / 2,
}
STARTS = {"parabola": [1.0, -2.0, 3.0], "rosenbrock": [-1.2, 1.0], "skewed": [0.0, 0.5, -1.0]}
OPTIMIZERS = {
    "sgd": lambda p: torch.optim.SGD(p, lr=1e-3),
    "momentum": lambda p: torch.optim.SGD(p, lr=1e-3, momentum=0.9),
    "decayed": lambda p: torch.optim.SGD(p, lr=1e-3, momentum=0.5, weight_decay=0.02),
    "adam": lambda p: torch.optim.Adam(p, lr=0.05),
    "adam-decayed": lambda p: torch.optim.Adam(p, lr=0.01, betas=(0.8, 0.99), eps=1e-6, weight_decay=0.02),
}


def trajectories():
    out = []
    for function, f in FUNCTIONS.items():
        for optimizer, make in OPTIMIZERS.items():
            w = torch.tensor(STARTS[function], dtype=torch.float32, requires_grad=True)
            step = make([w])
            points = []
            for t in range(100):
                step.zero_grad()
                f(w).backward()
                step.step()
                if t in (0, 1, 9, 99):
                    points.append(dict(step=t, at=w.detach().tolist()))
            out.append(dict(function=function, optimizer=optimizer, start=STARTS[function], points=points))
    return out


print(json.dumps(dict(
    torch=torch.__version__,
    losses=losses(),
    networks=[
        network([4, 7, 5, 3], ["tanh", "relu", "none"], 3),
        network([6, 9, 4], ["sigmoid", "none"], 4),
        network([5, 8, 1], ["leaky-relu", "none"], 0),
        network([3, 2], ["none"], 2),
    ],
    trajectories=trajectories()), indent=1))
