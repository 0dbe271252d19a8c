"""Golden values of losses, networks and optimizers, by PyTorch in double precision (optimizers in single, as Cluster has them).

    python3 make_nn.py > nn.json
"""
import torch
from waves import tell, wave

torch.set_num_threads(1)
torch.set_default_dtype(torch.float64)


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
    for value in [0.0, 1.25, -3.5, 1e-4, -40.0]:
        for target in (0.0, 1.0):
            z = torch.tensor([value], requires_grad=True)
            loss = torch.nn.functional.margin_ranking_loss(z, torch.zeros(1), torch.tensor([2 * target - 1]))
            loss.backward()
            out.append(dict(kind="perceptron", outputs=[value], target=target, loss=loss.item(), gradient=z.grad.tolist()))
    return out


def row_losses():
    """Losses of a whole row: reconstructions, the divergence of a Gaussian code, a discriminator's answers."""
    functional, out = torch.nn.functional, []
    row = wave(37, 0.7).abs()
    for size in (0.5, 5.0, 60.0):
        for kind in ("bernoulli", "squared", "divergence", "discernment"):
            count = 2 if kind == "discernment" else 36 if kind == "divergence" else 37
            z = wave(count, 1.3, size if kind != "divergence" else min(size, 5.0)).requires_grad_()
            if kind == "bernoulli":
                loss = functional.binary_cross_entropy_with_logits(z, row, reduction="sum")
            elif kind == "squared":
                loss = functional.mse_loss(z, row, reduction="sum")
            elif kind == "divergence":
                mean, log_variance = z[:18], z[18:]
                loss = torch.distributions.kl_divergence(
                    torch.distributions.Normal(mean, (0.5 * log_variance).exp()), torch.distributions.Normal(torch.zeros(18), torch.ones(18))).sum()
            else:
                loss = functional.binary_cross_entropy_with_logits(z, torch.tensor([1.0, 0.0]), reduction="sum")
            loss.backward()
            out.append(dict(kind=kind, outputs=z.tolist(), row=row.tolist(), loss=loss.item(), gradient=z.grad.tolist()))
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
    "nesterov": lambda p: torch.optim.SGD(p, lr=1e-3, momentum=0.8, nesterov=True),
    "rmsprop": lambda p: torch.optim.RMSprop(p, lr=0.01),
    "rmsprop-momentum": lambda p: torch.optim.RMSprop(p, lr=1e-3, alpha=0.9, eps=1e-6, momentum=0.5, weight_decay=0.02),
    "adadelta": lambda p: torch.optim.Adadelta(p),
    "adadelta-slow": lambda p: torch.optim.Adadelta(p, lr=0.5, rho=0.95, eps=1e-5, weight_decay=0.02),
    "adam-decayed": lambda p: torch.optim.Adam(p, lr=0.01, betas=(0.8, 0.99), eps=1e-6, weight_decay=0.02),
}


def singles(w):
    """Numbers in single precision, with as many digits as tell them apart."""
    return [float(f"{x:.9g}") for x in w.tolist()]


def trajectories():
    out = []
    for function, f in FUNCTIONS.items():
        for optimizer, make in OPTIMIZERS.items():
            w = torch.tensor(STARTS[function], dtype=torch.float32, requires_grad=True)
            step = make([w])
            path = []
            for _ in range(100):
                step.zero_grad()
                f(w).backward()
                step.step()
                path.append(singles(w))
            out.append(dict(function=function, optimizer=optimizer, start=STARTS[function], path=path))
    return out


def penalised():
    """Steps of each optimizer down g·w + l1·Σ|w| + l2·Σw², from weights of either sign and from zero."""
    gradient, out = torch.tensor([0.3, -0.7, 0.0, 0.0, 1.1], dtype=torch.float32), []
    for optimizer, make in OPTIMIZERS.items():
        for l1, l2 in ((0.25, 0.0), (0.0, 0.125), (0.2, 0.05)):
            start = [1.5, -2.0, 0.75, 0.0, -0.5]
            w = torch.tensor(start, dtype=torch.float32, requires_grad=True)
            step, path = make([w]), []
            for _ in range(5):
                step.zero_grad()
                ((gradient * w).sum() + l1 * w.abs().sum() + l2 * (w * w).sum()).backward()
                step.step()
                path.append(singles(w))
            out.append(dict(optimizer=optimizer, l1=l1, l2=l2, gradient=singles(gradient), start=start, path=path))
    return out


def schedules():
    """The factor on the learning rate for each of 6 epochs of 4 steps."""
    out = {}
    for name, make, per in [
        ("step", lambda o: torch.optim.lr_scheduler.StepLR(o, step_size=2, gamma=0.1), "epoch"),
        ("exponential", lambda o: torch.optim.lr_scheduler.ExponentialLR(o, gamma=0.9), "epoch"),
        ("cosine", lambda o: torch.optim.lr_scheduler.CosineAnnealingLR(o, T_max=24, eta_min=0.05), "step"),
    ]:
        optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0)
        schedule, factors = make(optimizer), []
        for step in range(24):
            factors.append(optimizer.param_groups[0]["lr"])
            optimizer.step()
            if per == "step" or step % 4 == 3:
                schedule.step()
        out[name] = factors
    return out


def clipped():
    """One step of SGD at rate 1 from zero, its gradient clipped: by norm where it is longer, where it is not, and by value."""
    out = []
    for kind, bound, gradient in [("norm", 0.5, [3.0, -4.0, 1.0, 0.5]), ("norm", 100.0, [3.0, -4.0, 1.0, 0.5]), ("value", 0.75, [3.0, -0.5, -0.8, 0.75])]:
        w = torch.zeros(4, dtype=torch.float32, requires_grad=True)
        w.grad = torch.tensor(gradient, dtype=torch.float32)
        (torch.nn.utils.clip_grad_norm_ if kind == "norm" else torch.nn.utils.clip_grad_value_)([w], bound)
        out.append(dict(kind=kind, bound=bound, gradient=gradient, at=(-w.grad).tolist()))
    return out


tell(dict(
    torch=torch.__version__,
    losses=losses(),
    rowLosses=row_losses(),
    networks=[
        network([4, 7, 5, 3], ["tanh", "relu", "none"], 3),
        network([6, 9, 4], ["sigmoid", "none"], 4),
        network([5, 8, 1], ["leaky-relu", "none"], 0),
        network([3, 2], ["none"], 2),
    ],
    trajectories=trajectories(),
    penalised=penalised(),
    schedules=schedules(),
    clipped=clipped()))
